import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import * as z from "zod";
import type { DeadLetterQueue } from "../../shared/dead-letters/catalogue.ts";
import { openQueue, type QueueDeps } from "../../shared/dead-letters/queues.ts";
import type { ArchiveDeps } from "../../shared/events/archive.ts";
import { type ConsumeDeps, consume, type Message } from "../../shared/events/consume.ts";
import type { Told } from "../../shared/events/event.ts";
import type { CursorDeps } from "../../shared/events/table.ts";
import { ToldNewsSchema } from "../../shared/events/told.ts";
import { LIMITS } from "../../shared/kernel/limits.ts";
import { messageFailed } from "./batch.ts";
import { type Called, underItsId } from "./correlated.ts";
import { log } from "./log.ts";
import { count } from "./metrics.ts";

/** What the shell of every consumer of events needs. */
type Deps = CursorDeps & ArchiveDeps & QueueDeps;

/** What lies in a consumer's queue: an event of the bus, with what we add when we send it again. */
const Body = z.looseObject({
  detail: ToldNewsSchema,
  held: z.object({ since: z.string(), times: z.int() }).exactOptional(),
  replay: z.string().exactOptional(),
});

type Parsed = { record: SQSRecord; body: Message & Record<string, unknown> };

/**
 * The shell of every consumer of events: its work is called once for each event, and for those of a subject in the order
 * of their numbers. What comes too early is sent to the queue again, with a delay. What fails stays in the queue and, after its
 * tries, ends in the dead letters, while the others go on. A crash may call the work again with the same event. `concerns`: which
 * messages it has work with at all; the others cost no write.
 */
export function eventFunction(
  consumer: DeadLetterQueue,
  deps: Deps,
  handle: (event: Told, subject: string) => Promise<void>,
  concerns?: ConsumeDeps["concerns"],
): (event: SQSEvent, called?: Called) => Promise<SQSBatchResponse> {
  const consuming: ConsumeDeps = {
    ...deps,
    consumer,
    handle,
    concerns,
    onPassed: (subject, numbers) => {
      count("EventsPassed", numbers.length);
      log("events_passed", { consumer, subject, first: numbers[0] ?? 0, events: numbers.length });
    },
  };
  // Asked for once in the life of a process: such questions have a quota of their own.
  let opened: ReturnType<typeof openQueue> | undefined;
  const ownQueue = (): ReturnType<typeof openQueue> => {
    opened ??= openQueue(deps, consumer).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  const takeOne = async ({ record, body }: Parsed): Promise<void> => {
    const isLastTry = Number(record.attributes.ApproximateReceiveCount) >= LIMITS.triesPerMessage;
    const result = await consume(consuming, body, isLastTry);
    if (result.kind === "done") return;
    // Sent anew, not left there: each receipt counts as a try, and waiting is none.
    const { send } = await ownQueue();
    await send(JSON.stringify({ ...body, held: result.held }), result.seconds);
  };
  return underItsId(async ({ Records }) => {
    const failed: string[] = [];
    const failing = async (record: SQSRecord, work: () => Promise<void>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        failed.push(record.messageId);
        await messageFailed(deps, consumer, consumer, record.messageId, error);
      }
    };
    const parsed: Parsed[] = [];
    for (const record of Records)
      await failing(record, async () => {
        parsed.push({ record, body: Body.parse(JSON.parse(record.body)) });
      });
    await Promise.all(
      bySubject(parsed).map(async (some) => {
        for (const one of some) await failing(one.record, () => takeOne(one));
      }),
    );
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  });
}

/** Gives the messages of each subject together, in the order of their numbers: a batch that is out of order waits for nothing. */
function bySubject(messages: readonly Parsed[]): Parsed[][] {
  const groups = Map.groupBy(messages, ({ body }) => body.detail.subject);
  const first = ({ body }: Parsed): number => body.detail.events[0]?.number ?? 0;
  return [...groups.values()].map((some) => some.toSorted((a, b) => first(a) - first(b)));
}
