import type { Redemption } from "../../../shared/catalog/model.ts";
import type { Code } from "../../../shared/inventory/code.ts";
import { Field } from "./field.tsx";
import { AllOfThem, Pages } from "./many.tsx";
import { Proof } from "./proof.tsx";
import { Qr } from "./qr-picture.tsx";
import { timeIn } from "./times.ts";
import { UseIt } from "./use-it.tsx";
import { type Delivery, nameIn } from "./view.ts";
import { wordsIn } from "./words.ts";
import { addressesFrom, type Writing } from "./writing.ts";

/** The codes on a page: those from `from` on, of so many in all. `qr`: the one whose QR code was asked for. */
export type Shown = {
  pieces: readonly { lineId: string; code: Code }[];
  unreadable: readonly { lineId: string; codeId: string }[];
  from: number;
  all: number;
  next: number | null;
  qr?: string | undefined;
};

/** More codes than this are a list, and a QR code is drawn only of the one that is asked for: each weighs a kilobyte and more. */
const DRAWN_AT_ONCE = 3;

type Part = { delivery: Delivery; writing: Writing; shown: Shown };

/** The codes, first and largest on their page. */
export function Goods({ delivery, writing, shown }: Part) {
  const words = wordsIn(writing.language);
  const { pieces, unreadable, all } = shown;
  const names = pieces.map((_, index) => `n${index} c${index}`).join(",");
  const isList = pieces.length > DRAWN_AT_ONCE;
  return (
    <>
      {pieces.length + unreadable.length === 0 ? <p class="card">{words.gone}</p> : null}
      {isList ? (
        <List {...{ delivery, writing, shown, names }} />
      ) : (
        pieces.map(({ lineId, code }, index) => (
          <Piece key={code.codeId} {...{ delivery, writing, shown, lineId, code, index }} />
        ))
      )}
      {unreadable.map(({ codeId }) => (
        <p class="card" key={codeId}>
          {words.unreadable} {codeId}
        </p>
      ))}
      {all <= 1 || isList ? null : (
        <section class="card" aria-label={words.copyAll}>
          <AllOfThem {...{ writing, shown, names }} />
          <Pages {...{ writing, shown }} />
        </section>
      )}
    </>
  );
}

type OnePiece = Part & { lineId: string; code: Code; index: number };

/** A code by itself: with its picture, and what to do with it. */
function Piece({ delivery, writing, shown, lineId, code, index }: OnePiece) {
  const words = wordsIn(writing.language);
  const redemption = delivery.products.get(lineId)?.redemption;
  const name = nameIn(writing.language, delivery, lineId);
  return (
    <section class="card goods" aria-label={`${name} ${shown.from + index + 1}`}>
      {index === 0 ? (
        <h1 dir="auto">{name}</h1>
      ) : (
        <h2 dir="auto">
          {name} · {shown.from + index + 1}
        </h2>
      )}
      <Fields {...{ delivery, writing, lineId, code, index }} />
      <UseIt {...{ redemption, code, index, words, isLink: lineOf(delivery, lineId)?.kind === "link" }} />
      <div class="under">
        <Qr text={code.secret} words={words} />
        <Steps redemption={redemption} writing={writing} isFirst={index === 0} />
      </div>
    </section>
  );
}

/** Many codes, one below the other. What they have in common is said once. */
function List({ delivery, writing, shown, names }: Part & { names: string }) {
  const words = wordsIn(writing.language);
  const { pieces, from } = shown;
  const first = pieces[0]?.lineId;
  const isOneLine = pieces.every(({ lineId }) => lineId === first);
  const redemption = isOneLine && first !== undefined ? delivery.products.get(first)?.redemption : undefined;
  return (
    <section class="card goods" aria-label={words.show(pieces.length)}>
      <h1 dir="auto">{first === undefined ? "" : nameIn(writing.language, delivery, first)}</h1>
      <AllOfThem {...{ writing, shown, names }} />
      <ol class="many" start={from + 1}>
        {pieces.map(({ lineId, code }, index) => (
          <li key={code.codeId}>
            {isOneLine ? null : <b dir="auto">{nameIn(writing.language, delivery, lineId)}</b>}
            <Fields {...{ delivery, writing, lineId, code, index }} />
            {shown.qr === code.codeId ? (
              <Qr text={code.secret} words={words} />
            ) : (
              <form method="post" action={addressesFrom(writing).reveal}>
                <input type="hidden" name="from" value={from} />
                <Proof writing={writing} />
                <button type="submit" name="qr" value={code.codeId}>
                  {words.showQr}
                </button>
              </form>
            )}
          </li>
        ))}
      </ol>
      <Pages {...{ writing, shown }} />
      <Steps redemption={redemption} writing={writing} isFirst />
    </section>
  );
}

const lineOf = ({ order }: Delivery, lineId: string) => order.lines.find(({ id }) => id === lineId);

type Named = { delivery: Delivery; writing: Writing; lineId: string; code: Code; index: number };

function Fields({ delivery, writing, lineId, code, index }: Named) {
  const words = wordsIn(writing.language);
  const kind = lineOf(delivery, lineId)?.kind ?? "code";
  const label = code.number === undefined ? words[kind === "topup" ? "code" : kind] : words.pin;
  return (
    <>
      {code.number === undefined ? null : (
        <Field id={`n${index}`} label={words.number} text={code.number} words={words} />
      )}
      <Field id={`c${index}`} label={label} text={code.secret} words={words} />
      {code.expiresAt === undefined ? null : (
        <p>
          {words.validUntil}{" "}
          <time dateTime={code.expiresAt}>{timeIn(writing.language, writing.zone)(code.expiresAt)}</time>
        </p>
      )}
    </>
  );
}

type Steps = { redemption: Redemption | undefined; writing: Writing; isFirst: boolean };

/** What to do with the code, in the reader's language where the product has it. */
function Steps({ redemption, writing, isFirst }: Steps) {
  const { instructions } = redemption ?? {};
  const text = instructions?.[writing.language] ?? instructions?.en ?? instructions?.zh;
  if (text === undefined) return null;
  const Heading = isFirst ? "h2" : "h3";
  return (
    <div class="steps">
      <Heading>{wordsIn(writing.language).toRedeem}</Heading>
      <p dir="auto">{text}</p>
    </div>
  );
}
