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
import { errorName, log } from "./log.ts";
import { count } from "./metrics.ts";

/** What the shell of every consumer of events needs. */
type Deps = CursorDeps & ArchiveDeps & QueueDeps;

/** What lies in a consumer's queue: an event of the bus, with what we add when we send it again. */
const Body = z.looseObject({
  detail: z.union([ToldNewsSchema, z.object({ news: z.array(ToldNewsSchema) })]),
  held: z.object({ since: z.string(), times: z.int() }).exactOptional(),
  replay: z.string().exactOptional(),
});

/** `isPart`: the message has news of other subjects too. */
type Parsed = { record: SQSRecord; body: Message & Record<string, unknown>; isPart: boolean };

/** Gives the news of each subject as a message of its own. */
function partsOf(record: SQSRecord): Parsed[] {
  const { detail, ...body } = Body.parse(JSON.parse(record.body));
  const news = "news" in detail ? detail.news : [detail];
  return news.map((one) => ({ record, body: { ...body, detail: one }, isPart: "news" in detail }));
}

/** When a part of a message that failed is tried again, alone. */
const PART_AGAIN_SECONDS = 5;

/**
 * The shell of every consumer of events: its work is called once for each event, and for those of a subject in the order
 * of their numbers. What comes too early is sent to the queue again, with a delay. What fails stays in the queue and, after its
 * tries, ends in the dead letters, while the others go on: also what came in one message with others, as a message of its own. A crash may call
 * the work again with the same event. `concerns`: which
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
  const takeOne = async ({ record, body, isPart }: Parsed): Promise<void> => {
    const isLastTry = !isPart && Number(record.attributes.ApproximateReceiveCount) >= LIMITS.triesPerMessage;
    const result = await consume(consuming, body, isLastTry);
    if (result.kind === "done") return;
    // Sent anew, not left there: each receipt counts as a try, and waiting is none.
    const { send } = await ownQueue();
    await send(JSON.stringify({ ...body, held: result.held }), result.seconds);
  };
  const takePart = async (part: Parsed): Promise<void> => {
    try {
      await takeOne(part);
    } catch (error) {
      log("event_sent_alone", { consumer, subject: part.body.detail.subject, error: errorName(error) }, error);
      const { send } = await ownQueue();
      await send(JSON.stringify(part.body), PART_AGAIN_SECONDS);
    }
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
        parsed.push(...partsOf(record));
      });
    await Promise.all(
      bySubject(parsed).map(async (some) => {
        for (const one of some) await failing(one.record, () => (one.isPart ? takePart(one) : takeOne(one)));
      }),
    );
    return { batchItemFailures: [...new Set(failed)].map((itemIdentifier) => ({ itemIdentifier })) };
  });
}

/** Gives the messages of each subject together, in the order of their numbers: a batch that is out of order waits for nothing. */
function bySubject(messages: readonly Parsed[]): Parsed[][] {
  const groups = Map.groupBy(messages, ({ body }) => body.detail.subject);
  const first = ({ body }: Parsed): number => body.detail.events[0]?.number ?? 0;
  return [...groups.values()].map((some) => some.toSorted((a, b) => first(a) - first(b)));
}
