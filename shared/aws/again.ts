import { setTimeout as wait } from "node:timers/promises";

/** The table did only a part of each request. It has DynamoDB's name for that, so that the edge answers "busy". */
class Throttled extends Error {
  override readonly name = "ThrottlingException";
}

/**
 * Eight tries with pauses of at most 20 to 2,560 ms (full jitter): a partition that is too busy for a second is free
 * again by then.
 */
const TRIES = 8;

/** Calls `work` with all items, then with those that it left undone, after a pause each time. */
export async function againUntilDone<T>(all: T[], table: string, work: (some: T[]) => Promise<T[]>): Promise<void> {
  let left = all;
  for (let attempt = 1; left.length > 0; attempt++) {
    if (attempt > TRIES) throw new Throttled(table);
    if (attempt > 1) await wait(Math.random() * 20 * 2 ** (attempt - 2));
    left = await work(left);
  }
}
