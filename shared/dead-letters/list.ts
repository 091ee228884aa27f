import type { Db } from "../aws/dynamo.ts";
import { LIMITS } from "../kernel/limits.ts";
import { type DeadLetterQueue, deadLetterQueues, deadLettersOf } from "./catalogue.ts";
import { readFailure } from "./failures.ts";
import { contentsOf, failureIdOf, type Letter, type Raw, showLetter } from "./letter.ts";
import { openQueue, type QueueDeps } from "./queues.ts";

export type ListDeps = QueueDeps & Db<"operations">;

/**
 * Lists dead letters of one queue or of all, each with its reason. SQS shows a sample: of a queue with many letters one
 * sees some, and others the next time. Looking moves nothing.
 */
export async function listDeadLetters(deps: ListDeps, only?: DeadLetterQueue): Promise<Letter[]> {
  const queues = only === undefined ? deadLetterQueues : [only];
  return (await Promise.all(queues.map((queue) => lettersIn(deps, queue)))).flat();
}

async function lettersIn(deps: ListDeps, queue: DeadLetterQueue): Promise<Letter[]> {
  const { take } = await openQueue(deps, deadLettersOf(queue));
  const seen = new Map<string, Raw>();
  for (let look = 0; look < LIMITS.looksPerDeadLetterQueue; look++)
    for (const letter of await take(10, 0)) seen.set(letter.messageId, letter);
  return Promise.all(
    [...seen.values()].map(async (raw) => {
      const contents = contentsOf(queue, raw);
      return showLetter(queue, raw, contents, await readFailure(deps, queue, failureIdOf(contents, raw)));
    }),
  );
}
