import { after } from "../../../shared/kernel/clock.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { type CaseKind, isEnd, type OrderCase, openCaseOf } from "../../../shared/orders/cases.ts";
import type { Line, Order } from "../../../shared/orders/model.ts";
import { staying } from "../../../shared/orders/round.ts";
import { HELP_WORDS, type HelpWords } from "./help-words.ts";
import { timeIn } from "./times.ts";
import { type Delivery, nameIn } from "./view.ts";
import { addressesFrom, type Writing } from "./writing.ts";

/** What a buyer may ask for about a line that was delivered. */
const KINDS: readonly CaseKind[] = ["void_and_reissue", "refund"];

/** Help after the sale: what was asked for, what became of it, and a form for each line that may have more. */
export function Help({ delivery, writing }: { delivery: Delivery; writing: Writing }) {
  const { order } = delivery;
  const words = HELP_WORDS[writing.language];
  const { cases = [] } = order;
  const lines = helpableIn(order);
  if (cases.length === 0 && lines.length === 0) return null;
  return (
    <section class="card" aria-labelledby="help">
      <h2 id="help">{words.title}</h2>
      {cases.map((one) => (
        <p key={one.id}>
          <b>{words.kinds[one.kind]}</b> · <span dir="auto">{nameIn(writing.language, delivery, one.lineId)}</span>
          <br />
          {answerTo(one, words, writing)}
        </p>
      ))}
      {lines.map((line) => (
        <Ask
          key={line.id}
          line={line}
          name={nameIn(writing.language, delivery, line.id)}
          turn={cases.length}
          words={words}
          writing={writing}
        />
      ))}
    </section>
  );
}

/** Gives the lines that a buyer may ask about: those with codes that stand one by one, without an open case. */
function helpableIn(order: Order): Line[] {
  if (order.fundedAt === undefined || (order.cases ?? []).length >= LIMITS.casesPerOrder) return [];
  return staying(order.lines).filter(
    (line) => line.state === "fulfilled" && (line.tickets ?? []).length > 0 && openCaseOf(order, line.id) === undefined,
  );
}

function answerTo({ state, reason, openedAt }: OrderCase, words: HelpWords, { language, zone }: Writing): string {
  if (!isEnd(state)) return words.going(timeIn(language, zone)(after(new Date(openedAt), LIMITS.caseSeconds)));
  return [words.ends[state], ...(reason === undefined ? [] : [words.reasons[reason]])].join(" ");
}

type Ask = { line: Line; name: string; turn: number; words: HelpWords; writing: Writing };

/** A form that works without JavaScript. Sent twice it is one case: `turn` is how many the order had. */
function Ask({ line: { id, tickets = [] }, name, turn, words, writing }: Ask) {
  return (
    <details>
      <summary>
        {words.ask}: <span dir="auto">{name}</span>
      </summary>
      <form method="post" action={addressesFrom(writing).cases}>
        <input type="hidden" name="line" value={id} />
        <input type="hidden" name="turn" value={turn} />
        {tickets.length === 1 ? (
          <input type="hidden" name="piece" value="1" />
        ) : (
          <p>
            <label>
              {words.which}{" "}
              <input type="number" name="piece" min="1" max={tickets.length} value="1" required inputMode="numeric" />
            </label>
          </p>
        )}
        <div class="row">
          {KINDS.map((kind) => (
            <button key={kind} type="submit" name="kind" value={kind}>
              {words.kinds[kind]}
            </button>
          ))}
        </div>
        <p class="small">{words.hint}</p>
      </form>
    </details>
  );
}
