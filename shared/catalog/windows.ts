/**
 * What one piece of a product costs a tier, and from when to when: from `from` on, and before `until`. Absent: since ever, for ever.
 * Times are RFC 3339 in UTC with milliseconds, so that they sort as texts. `belowCost`: also where that is less than it costs us.
 */
export type Window = { amount: number; from?: string; until?: string; belowCost?: true };

const BEGINNING = "";
const END = "~";

const startOf = ({ from = BEGINNING }: Pick<Window, "from">): string => from;
const endOf = ({ until = END }: Pick<Window, "until">): string => until;

/** Finds the price of a moment. Undefined: the tier has none of its own then. */
export function windowAt(windows: readonly Window[], at: string): Window | undefined {
  return windows.find((window) => startOf(window) <= at && at < endOf(window));
}

/** Gives the next moment after `at` at which a window begins or ends. Undefined: none does. */
export function nextChange(windows: readonly Window[], at: string): string | undefined {
  return windows
    .flatMap(({ from = BEGINNING, until = END }) => [from, until])
    .filter((moment) => moment > at && moment !== END)
    .sort()[0];
}

/** The time that a change is about, and the price in it. No amount: the tier has no price of its own then. */
export type Painted = Pick<Window, "from" | "until" | "belowCost"> & { amount?: number | undefined };

/**
 * Sets the price of a time, and leaves every other moment as it was: windows that reach into that time are cut, those within it go.
 * The result is sorted, and no two windows have a moment in common. Pure, and the same when it is done again.
 */
export function paint(windows: readonly Window[], { amount, ...time }: Painted): Window[] {
  const [start, end] = [startOf(time), endOf(time)];
  const kept = windows.flatMap((window) => [
    ...between(window, startOf(window), lesser(endOf(window), start)),
    ...between(window, greater(startOf(window), end), endOf(window)),
  ]);
  const added = amount === undefined ? [] : [{ ...time, amount }];
  const sorted = [...kept, ...added].toSorted((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
  return sorted.reduce<Window[]>(joined, []);
}

const lesser = (a: string, b: string): string => (a < b ? a : b);
const greater = (a: string, b: string): string => (a > b ? a : b);

/** The part of a window between two moments, if there is one. */
function between({ amount, belowCost }: Window, start: string, end: string): Window[] {
  if (start >= end) return [];
  const from = start === BEGINNING ? {} : { from: start };
  const until = end === END ? {} : { until: end };
  return [{ amount, ...from, ...until, ...(belowCost === undefined ? {} : { belowCost }) }];
}

/** Adds a window to those before it. Two that meet and say the same are one. */
function joined(windows: Window[], next: Window): Window[] {
  const last = windows.at(-1);
  const isSame = last?.amount === next.amount && last.belowCost === next.belowCost && endOf(last) === startOf(next);
  if (last === undefined || !isSame) return [...windows, next];
  return [...windows.slice(0, -1), ...between(last, startOf(last), endOf(next))];
}
