/**
 * How far a consumer is with a subject. `next`: the number that it takes next. `passed`: lower numbers that it has
 * skipped, because their events did not come or could not be processed. `lastAt`: the time of the event that it took last.
 */
export type Cursor = { next: number; passed: readonly number[]; lastAt: string };

/** The most numbers that a consumer remembers it went on without. Older ones are dropped when they come after all. */
const MOST_PASSED = 100;

/** Tells whether nothing was taken or passed yet. */
export const isFresh = ({ next, passed }: Pick<Cursor, "next" | "passed">): boolean =>
  next === 1 && passed.length === 0;

/** Tells whether the event of this number was taken before. One that was passed is still taken when it comes. */
export const isTaken = ({ next, passed }: Cursor, number: number): boolean => number < next && !passed.includes(number);

/** Gives the cursor after the event of this number was taken. Those before it must have been taken or passed. */
export function taken(cursor: Cursor, { number, at }: { number: number; at: string }): Cursor {
  if (number < cursor.next) return { ...cursor, passed: cursor.passed.filter((one) => one !== number) };
  return { ...cursor, next: number + 1, lastAt: at };
}

/** Gives the numbers that are missing if a consumer goes on at this one. */
export const missingBefore = ({ next }: Pick<Cursor, "next">, number: number): number[] =>
  Array.from({ length: Math.max(0, number - next) }, (_, index) => next + index);

/** Gives the cursor that goes on at this number, whatever is missing before it. */
export function passedTo(cursor: Cursor, number: number): Cursor {
  const missing = missingBefore(cursor, number);
  if (missing.length === 0) return cursor;
  return { ...cursor, next: number, passed: [...cursor.passed, ...missing].slice(-MOST_PASSED) };
}
