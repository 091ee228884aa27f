import { setTimeout as wait } from "node:timers/promises";

/** The table does only a part of each request; named as DynamoDB names it, so that the edge says "busy". */
class Throttled extends Error {
  override readonly name = "ThrottlingException";
}

/** Eight tries, 20 to 2,560 ms apart at most (full jitter): a hot second is over by then. */
const TRIES = 8;

/** Does what there is to do, and what that leaves undone again, after a pause. */
export async function againUntilDone<T>(all: T[], table: string, work: (some: T[]) => Promise<T[]>): Promise<void> {
  let left = all;
  for (let attempt = 1; left.length > 0; attempt++) {
    if (attempt > TRIES) throw new Throttled(table);
    if (attempt > 1) await wait(Math.random() * 20 * 2 ** (attempt - 2));
    left = await work(left);
  }
}
