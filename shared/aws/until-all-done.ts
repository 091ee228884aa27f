import { againUntilDone } from "../kernel/again.ts";

/** The table did only a part of each request. It has DynamoDB's name for that, so that the edge answers "busy". */
class Throttled extends Error {
  override readonly name = "ThrottlingException";
}

/**
 * Eight tries with pauses of at most 20 to 1,280 ms: a partition that is too busy for a second is free again by then.
 */
const PATIENCE = { tries: 8, firstMs: 20 };

/**
 * Sends a batch of requests until the table has done all of them: it sends those again that the table leaves undone.
 * Throws `Throttled` if some are never done.
 */
export async function untilAllDone<T>(all: T[], table: string, work: (some: T[]) => Promise<T[]>): Promise<void> {
  const left = await againUntilDone(all, PATIENCE, work);
  if (left.length > 0) throw new Throttled(table);
}
