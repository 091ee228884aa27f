import type { Redemption } from "../../../shared/catalog/model.ts";
import type { Code } from "../../../shared/inventory/code.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { qrOf } from "./qr.ts";
import { timeIn } from "./times.ts";
import type { Delivery } from "./view.ts";
import { type Words, wordsIn } from "./words.ts";
import { addressesFrom, PER_PAGE, type Writing } from "./writing.ts";

/** The codes on a page: those from `from` on, of so many in all. `qr`: the one whose QR code was asked for. */
export type Shown = {
  pieces: readonly { lineId: string; code: Code }[];
  unreadable: readonly { lineId: string; codeId: string }[];
  from: number;
  all: number;
  next: number | null;
  qr?: string | undefined;
};

/** On a page with more codes than this, a QR code is drawn only of the one that is asked for: each weighs a kilobyte and more. */
const DRAWN_AT_ONCE = 3;

type Part = { delivery: Delivery; writing: Writing; shown: Shown };

/** The codes, first and largest on their page. */
export function Goods({ delivery, writing, shown }: Part) {
  const words = wordsIn(writing.language);
  const { pieces, unreadable, from, all } = shown;
  const names = pieces.map((_, index) => `n${index} c${index}`).join(",");
  return (
    <>
      {pieces.length + unreadable.length === 0 ? <p class="card">{words.gone}</p> : null}
      {pieces.map(({ lineId, code }, index) => (
        <Piece key={code.codeId} {...{ delivery, writing, shown, lineId, code, index }} />
      ))}
      {unreadable.map(({ codeId }) => (
        <p class="card" key={codeId}>
          {words.unreadable} {codeId}
        </p>
      ))}
      {all <= 1 ? null : (
        <section class="card">
          <h2>{words.range(from + 1, Math.min(from + PER_PAGE, all), all)}</h2>
          <div class="row">
            <button
              class="button"
              type="button"
              data-copy={names}
              data-done={words.copied}
              data-failed={words.copyFailed}
              hidden
            >
              {words.copyAll}
            </button>
            <Files writing={writing} all={all} />
          </div>
          <Pages writing={writing} shown={shown} />
        </section>
      )}
    </>
  );
}

type OnePiece = Part & { lineId: string; code: Code; index: number };

function Piece({ delivery, writing, shown, lineId, code, index }: OnePiece) {
  const words = wordsIn(writing.language);
  const product = delivery.products.get(lineId);
  const line = delivery.order.lines.find(({ id }) => id === lineId);
  const kind = line?.kind ?? "code";
  const isMany = shown.pieces.length > DRAWN_AT_ONCE;
  const label = code.number === undefined ? words[kind === "topup" ? "code" : kind] : words.pin;
  return (
    <section class="card goods" aria-label={`${line?.name ?? ""} ${shown.from + index + 1}`}>
      {index === 0 ? (
        <h1 dir="auto">{line?.name}</h1>
      ) : (
        <h2 dir="auto">
          {line?.name} · {shown.from + index + 1}
        </h2>
      )}
      {code.number === undefined ? null : (
        <Field id={`n${index}`} label={words.number} text={code.number} words={words} isMany={isMany} />
      )}
      <Field id={`c${index}`} label={label} text={code.secret} words={words} isMany={isMany} />
      {code.expiresAt === undefined ? null : (
        <p>
          {words.validUntil}{" "}
          <time dateTime={code.expiresAt}>{timeIn(writing.language, writing.zone)(code.expiresAt)}</time>
        </p>
      )}
      <UseIt {...{ redemption: product?.redemption, code, index, words, isLink: kind === "link" }} />
      {!isMany || shown.qr === code.codeId ? (
        <Qr text={code.secret} words={words} />
      ) : (
        <form class="row" method="post" action={addressesFrom(writing).reveal}>
          <input type="hidden" name="from" value={shown.from} />
          <button type="submit" name="qr" value={code.codeId}>
            {words.showQr}
          </button>
        </form>
      )}
      {isMany ? null : <Steps redemption={product?.redemption} writing={writing} />}
    </section>
  );
}

type Field = { id: string; label: string; text: string; words: Words; isMany: boolean };

function Field({ id, label, text, words, isMany }: Field) {
  const size = text.length > 160 ? " longest" : text.length > 40 ? " long" : isMany ? " many" : "";
  return (
    <div class="field">
      <span class="label" id={`${id}l`}>
        {label}
      </span>
      <code class={`code${size}`} id={id} dir="auto" translate={false}>
        {text}
      </code>
      <div class="row">
        <button
          type="button"
          data-copy={id}
          data-done={words.copied}
          data-failed={words.copyFailed}
          aria-describedby={`${id}l`}
          hidden
        >
          {words.copy}
        </button>
      </div>
    </div>
  );
}

/** A link as it may be opened. Undefined: it is no address of the web. */
function webAddress(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "https:" || url?.protocol === "http:" ? url : undefined;
}

/** One tap copies the code and opens where it is redeemed. Without script it opens that. */
function UseIt({
  redemption,
  code,
  index,
  words,
  isLink,
}: {
  redemption: Redemption | undefined;
  code: Code;
  index: number;
  words: Words;
  isLink: boolean;
}) {
  const link = isLink ? webAddress(code.secret) : undefined;
  if (link !== undefined)
    return (
      <div class="row">
        <a class="button main" href={link.href} target="_blank" rel="noopener noreferrer">
          {words.open(link.host)}
        </a>
      </div>
    );
  if (redemption?.url === undefined) return null;
  const address = new URL(redemption.url);
  if (redemption.codeInUrl !== undefined) address.searchParams.set(redemption.codeInUrl, code.secret);
  return (
    <div class="row">
      <a
        class="button main"
        href={address.href}
        target="_blank"
        rel="noopener noreferrer"
        data-copy={`c${index}`}
        data-done={words.copied}
        data-failed={words.copyFailed}
      >
        {words.copyAndOpen(address.host)}
      </a>
    </div>
  );
}

function Qr({ text, words }: { text: string; words: Words }) {
  const qr = qrOf(text);
  if (qr === undefined) return <p class="small">{words.qrTooLong}</p>;
  return (
    <div class="qr">
      <svg viewBox={`0 0 ${qr.size} ${qr.size}`} role="img" aria-label={words.qr}>
        <path d={qr.path} stroke="#000" />
      </svg>
      <span class="small" aria-hidden="true">
        {words.qr}
      </span>
    </div>
  );
}

/** What to do with the code, in the reader's language where the product has it. */
function Steps({ redemption, writing }: { redemption: Redemption | undefined; writing: Writing }) {
  const { instructions } = redemption ?? {};
  const text = instructions?.[writing.language] ?? instructions?.en ?? instructions?.zh;
  if (text === undefined) return null;
  return (
    <div class="steps">
      <h3>{wordsIn(writing.language).toRedeem}</h3>
      <p dir="auto">{text}</p>
    </div>
  );
}

function Files({ writing, all }: { writing: Writing; all: number }) {
  const words = wordsIn(writing.language);
  const size = LIMITS.codesPerTextFile;
  const starts = Array.from({ length: Math.min(Math.ceil(all / size), FILES_AT_MOST) }, (_, part) => part * size);
  return (
    <>
      {starts.map((from) => (
        <form key={from} method="post" action={addressesFrom(writing).file}>
          <input type="hidden" name="from" value={from} />
          <button type="submit">
            {starts.length === 1 ? words.saveFile : words.saveFileFrom(from + 1, Math.min(from + size, all))}
          </button>
        </form>
      ))}
    </>
  );
}

/** The largest order has a hundred files. */
const FILES_AT_MOST = LIMITS.codesPerLargeOrder / LIMITS.codesPerTextFile;

function Pages({ writing, shown: { from, next } }: { writing: Writing; shown: Shown }) {
  const words = wordsIn(writing.language);
  if (from === 0 && next === null) return null;
  return (
    <div class="row">
      {from === 0 ? null : <Turn writing={writing} from={Math.max(0, from - PER_PAGE)} label={words.previousPage} />}
      {next === null ? null : <Turn writing={writing} from={next} label={words.nextPage} />}
    </div>
  );
}

function Turn({ writing, from, label }: { writing: Writing; from: number; label: string }) {
  return (
    <form method="post" action={addressesFrom(writing).reveal}>
      <input type="hidden" name="from" value={from} />
      <button type="submit">{label}</button>
    </form>
  );
}
