import { setTimeout as sleep } from "node:timers/promises";

/** Gives a number from 0 to 1 by chance. */
export const byChance = (): number => Math.random();

/**
 * Waits before the next try: a random time of at most `firstMs` after the first one, and twice as much after each further one (full
 * jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). It never waits longer than `longestMs`.
 *
 * Ours and not `p-retry` 7: at random that only makes a wait longer, and it repeats what throws, while most of our tries leave a rest
 * to be done; 3.8 KB in each bundle. Nor the SDK's retry strategies: they count all tries of a client against one budget, and a
 * conflict of two buyers must not use up what is there for failures.
 */
export async function pauseAfter(
  tries: number,
  firstMs: number,
  longestMs = Number.POSITIVE_INFINITY,
  wait: (ms: number) => Promise<unknown> = sleep,
): Promise<void> {
  await wait(byChance() * Math.min(firstMs * 2 ** (tries - 1), longestMs));
}

/** Calls `work` with all items, then with those that it left undone, after a pause each time. Returns what is left after all tries. */
export async function againUntilDone<T>(
  all: readonly T[],
  { tries, firstMs }: { tries: number; firstMs: number },
  work: (some: T[]) => Promise<T[]>,
): Promise<T[]> {
  let left = [...all];
  for (let tried = 0; left.length > 0 && tried < tries; tried++) {
    if (tried > 0) await pauseAfter(tried, firstMs);
    left = await work(left);
  }
  return left;
}
