import { dayAfter } from "../../../shared/kernel/clock.ts";

/** The simulated provider's books: what it has really done on a day, and what it says of that, which may be wrong on command. */

/** One movement, as the provider knows it. Fees are exact: thousandths of a minor unit. */
export type Movement = {
  kind: "payment" | "refund" | "bounce" | "dispute" | "fee" | "payout";
  reference: string;
  id: string;
  amount: number;
  feeThousandths: number;
  currency: string;
  at: string;
};

/**
 * How a statement is wrong. `not_ready`: there is none yet · `cut`: it ends in the middle · `garbled`: this one's line can't be read ·
 * `missing`, `twin`: it lacks this one's line, or has it twice · `dear`: it says a fee that is so much higher, in minor units · `foreign`: it
 * has a line of a payment that nobody here knows · `quiet`: it says no balance · `richer`: its balance is so much higher · `other_day`: it has this one's line a day later · `other_amount`, `other_currency`.
 */
export type Wrong =
  | { is: "not_ready" | "cut" | "shuffled" | "quiet" }
  | { is: "garbled" | "missing" | "twin" | "other_day"; reference: string }
  | { is: "dear" | "other_amount"; reference: string; by: number }
  | { is: "richer"; by: number }
  | { is: "foreign"; line: Omit<Movement, "at"> & { at?: string } };

const HEAD = ["kind", "reference", "id", "amount", "fee", "currency", "at"];
const dayOf = ({ at }: Movement): string => at.slice(0, 10);

/** What a movement does to what the provider has for us, in thousandths of a minor unit. */
export function heldBy({ kind, amount, feeThousandths }: Movement): number {
  const sign = { payment: 1, bounce: 1, dispute: 1, refund: -1, fee: -1, payout: -1 }[kind];
  return sign * amount * 1_000 - feeThousandths;
}

/** Makes the file of a day. Undefined: there is none. */
export function statementOf(all: readonly Movement[], day: string, wrongs: readonly Wrong[]): string | undefined {
  if (wrongs.some(({ is }) => is === "not_ready")) return undefined;
  const moved = all.map((one) =>
    wrongs.some((wrong) => wrong.is === "other_day" && wrong.reference === one.reference)
      ? { ...one, at: `${dayAfter(dayOf(one))}T00:00:01.000Z` }
      : one,
  );
  const foreign = wrongs.flatMap((wrong) =>
    wrong.is === "foreign" ? [{ at: `${day}T12:00:00.000Z`, ...wrong.line }] : [],
  );
  const lines = [...moved, ...foreign].filter((one) => dayOf(one) === day).flatMap((one) => rowsOf(one, wrongs));
  const known = moved.filter((one) => dayOf(one) <= day);
  if (lines.length === 0 && known.length === 0) return undefined;
  const held = new Map<string, number>();
  for (const one of known) held.set(one.currency, (held.get(one.currency) ?? 0) + heldBy(one));
  for (const wrong of wrongs) if (wrong.is === "dear") held.set("CNY", (held.get("CNY") ?? 0) - wrong.by * 1_000);
  const richer = wrongs.reduce((sum, wrong) => sum + (wrong.is === "richer" ? wrong.by : 0), 0);
  const isQuiet = wrongs.some(({ is }) => is === "quiet");
  const closings = [...(isQuiet ? [] : held)].map(
    ([currency, amount]) => `#closing,${currency},${Math.round(amount / 1_000) + richer}`,
  );
  const order = wrongs.some(({ is }) => is === "shuffled") ? HEAD.toReversed() : HEAD;
  const place = (cells: string[]): string =>
    cells.length === HEAD.length ? order.map((name) => cells[HEAD.indexOf(name)]).join(",") : cells.join(",");
  const body = [place(HEAD), ...lines.map(place), ...closings];
  const whole = [...body, `#lines,${body.length}`].join("\n");
  return wrongs.some(({ is }) => is === "cut") ? whole.slice(0, Math.floor(whole.length / 2)) : whole;
}

function rowsOf(one: Movement, wrongs: readonly Wrong[]): string[][] {
  let { amount, feeThousandths } = one;
  let rows = 1;
  for (const wrong of wrongs) {
    if (!("reference" in wrong) || wrong.reference !== one.reference) continue;
    if (wrong.is === "missing") rows = 0;
    if (wrong.is === "twin") rows = 2;
    if (wrong.is === "garbled") return [["?", one.reference]];
    if (wrong.is === "dear") feeThousandths += wrong.by * 1_000;
    if (wrong.is === "other_amount") amount += wrong.by;
  }
  const fee = (feeThousandths / 1_000).toFixed(3);
  const row = [one.kind, one.reference, one.id, String(amount), fee, one.currency, one.at];
  return Array.from({ length: rows }, () => row);
}
