import { againUntilDone } from "../kernel/again.ts";

/** The table did only a part of each request. It has DynamoDB's name for that, so that the edge answers "busy". */
class Throttled extends Error {
  override readonly name = "ThrottlingException";
}

/**
 * Eight tries with pauses of at most 20 to 1,280 ms: a partition that is too busy for a second is free again by then.
 */
const PATIENCE = { tries: 8, firstMs: 20 };

/** Has a table do all requests of a batch: those that it leaves undone are sent again. Throws if it never does some. */
export async function untilAllDone<T>(all: T[], table: string, work: (some: T[]) => Promise<T[]>): Promise<void> {
  const left = await againUntilDone(all, PATIENCE, work);
  if (left.length > 0) throw new Throttled(table);
}
