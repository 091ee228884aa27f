import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { archive } from "../../../shared/events/archive.ts";
import { type ConsumeDeps, consume, type Message } from "../../../shared/events/consume.ts";
import { type Told, type ToldNews, toldOf } from "../../../shared/events/event.ts";
import { fakeBucket } from "../engine/fake-aws.ts";
import type { Everything } from "../engine/on-second-engine.ts";
import { NOW } from "../orders/order-fixtures.ts";

/** SQS hides a message for six time-outs after each receipt, and takes it away after five. */
const HIDDEN_SECONDS = 360;
const TRIES = 5;

type Waiting = { body: Message; dueAt: number; receipts: number };

class Killed extends Error {}

/** Events of a subject with these numbers, ten seconds apart, as the reader of the stream tells them in one batch. */
export const news = (subject: string, first: number, count = 1): ToldNews =>
  toldOf({
    subject,
    first,
    events: Array.from({ length: count }, (_, index) => ({
      type: "stock.low",
      occasion: `${subject} ${first + index}`,
      at: new Date(NOW.getTime() + (first + index) * 10_000).toISOString(),
      facts: { productId: subject },
    })),
  });

/**
 * A consumer with its queue, on a clock of its own. `seen` is what it has done, by subject: each event once, as work that is
 * named by the event's id does it. `calls` is how often its work was called.
 */
export function drill({ deps }: Everything, consumer: string) {
  let now = NOW.getTime();
  const bucket = { s3: fakeBucket().s3, eventArchive: "events" };
  const seen = new Map<string, Map<string, number>>();
  const letters: Message[] = [];
  const passed: string[] = [];
  /** How often its work was called, and with which numbers, as they were told. */
  const handled: { calls: number; numbers: (number | undefined)[] } = { calls: 0, numbers: [] };
  /** What happens to the work of an event: it fails, or its process is killed after it, or it takes so long. */
  let fate: (event: Told, call: number) => "poison" | "kill" | number | undefined = () => undefined;
  /** Subjects that it has no work with. */
  const foreign = new Set<string>();
  const queue: Waiting[] = [];

  const consuming = (): ConsumeDeps => {
    let isDead = false;
    const send: DynamoDBDocumentClient["send"] = async (...args: never[]) => {
      if (isDead) throw new Killed();
      return (deps.db.send as (...all: never[]) => Promise<never>)(...args);
    };
    return {
      ...deps,
      ...bucket,
      db: { send } as DynamoDBDocumentClient,
      clock: () => new Date(now),
      consumer,
      concerns: async ({ subject }) => !foreign.has(subject),
      onPassed: (subject, numbers) => passed.push(`${subject} ${numbers.join()}`),
      handle: async (event, subject) => {
        handled.calls += 1;
        handled.numbers.push(event.number);
        const what = fate(event, handled.calls);
        if (what === "poison") throw new Error("poison");
        const ofSubject = seen.get(subject) ?? new Map<string, number>();
        if (!ofSubject.has(event.id)) ofSubject.set(event.id, event.number ?? 0);
        seen.set(subject, ofSubject);
        if (typeof what === "number") now += what * 1000;
        if (what === "kill") isDead = true;
        if (isDead) throw new Killed();
      },
    };
  };

  const receive = async (message: Waiting): Promise<void> => {
    message.receipts += 1;
    message.dueAt = now + HIDDEN_SECONDS * 1000;
    try {
      const result = await consume(consuming(), message.body, message.receipts >= TRIES);
      queue.splice(queue.indexOf(message), 1);
      if (result.kind === "early")
        queue.push({ body: { ...message.body, held: result.held }, dueAt: now + result.seconds * 1000, receipts: 0 });
    } catch {
      if (message.receipts < TRIES) return;
      queue.splice(queue.indexOf(message), 1);
      letters.push(message.body);
    }
  };

  return {
    letters,
    passed,
    handled,
    foreign,
    /** The numbers that were seen of a subject, in the order in which they were seen. */
    seenOf: (subject: string): number[] => [...(seen.get(subject)?.values() ?? [])],
    send: (detail: ToldNews, afterSeconds = 0, more: Partial<Message> = {}): void => {
      queue.push({ body: { detail, ...more }, dueAt: now + afterSeconds * 1000, receipts: 0 });
    },
    archive: (detail: ToldNews): Promise<void> =>
      archive(bucket, { at: detail.events[0]?.at ?? "", of: detail.events[0]?.id ?? "" }, [detail]),
    setFate: (to: typeof fate): void => {
      fate = to;
    },
    /** Lets time pass until nothing is left in the queue, or for so many seconds. */
    run: async (seconds = 7 * 3600): Promise<void> => {
      const end = now + seconds * 1000;
      for (;;) {
        const due = queue.toSorted((a, b) => a.dueAt - b.dueAt)[0];
        if (due === undefined || due.dueAt > end) break;
        now = Math.max(now, due.dueAt);
        await receive(due);
      }
      now = Math.max(now, end);
    },
  };
}
