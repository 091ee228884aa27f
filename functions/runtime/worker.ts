import type { EventConsumer } from "../../shared/dead-letters/catalogue.ts";
import { type Needs, together } from "./needs.ts";

/** Messages of a queue. `maxConcurrency`: calls at once, 2 at least, so that a flood of messages can't take the concurrency of sales. */
type QueueTrigger = { queue: string; maxConcurrency: number; batchSize?: number; hears?: Heard };

/**
 * News that comes into the queue beside its messages, as `{ orderId }`: of orders whose buyers can be reached, where one of these events is
 * among it. Their numbers are not looked at, so they may be chosen by type: whoever gets them looks at the order itself.
 */
export type Heard = { reachable: true; types: readonly string[] };

/**
 * News from the bus, by way of a queue: all that is about these kinds of things. It can't be chosen by type: numbers would have
 * gaps, and each gap is waited for.
 */
type EventsTrigger = { queue: EventConsumer; of: readonly string[]; maxConcurrency: number; batchSize?: number };

/** Work that is due every so many minutes. */
export type Job = { everyMinutes: number; needs: Needs };

export type Jobs = Readonly<Record<string, Job>>;

/** A function that does jobs of one domain, each by a schedule of its own. */
type Scheduled = { trigger: "schedule"; jobs: Jobs };

/**
 * A function that something else than HTTP starts. `task`: a state of the workflow. `event`: a rule that the stack makes. `stream`:
 * the changes of a table. `queue`: its messages. `events`: what the bus tells.
 */
export type Started = { needs: Needs } & (
  | { trigger: "task" | "event" }
  | { trigger: "stream"; of: "orders" }
  | ({ trigger: "queue" } & QueueTrigger)
  | ({ trigger: "events" } & EventsTrigger)
);

/** A function that nobody calls over HTTP, described once: its trigger, its role and its environment are made from this. */
export type Worker = {
  /** What it means to people when it fails: the text of its alarm. */
  failing: string;
} & (Scheduled | Started);

/** The workers of one domain, by the names of their functions. */
export type Workers = Readonly<Record<string, Worker>>;

/**
 * What the shell itself does for a worker: it notes why something failed, lets a stream go on past a record that keeps failing, and
 * of events it knows what was taken, sends again what came too early, and finds in the archive what did not come.
 */
const SHELL = {
  queue: { failures: ["UpdateItem"] },
  events: {
    failures: ["UpdateItem"],
    cursors: ["UpdateItem"],
    eventQueues: ["GetQueueUrl", "SendMessage"],
    eventArchive: ["GetObject"],
    eventArchiveNames: ["ListBucket"],
  },
  stream: { failures: ["UpdateItem"], deadLetters: ["GetQueueUrl", "SendMessage"] },
  task: {},
  event: {},
} as const satisfies Record<Started["trigger"], Needs>;

/** The needs of a worker and of its shell, as a union of types. */
export type NeedsOfWorker<W extends Started> = W["needs"] | (typeof SHELL)[W["trigger"]];

/** All that a worker needs, with all of its jobs, and what its shell needs. */
export const needsOfWorker = (worker: Scheduled | Started): Needs =>
  worker.trigger === "schedule"
    ? together(...Object.values(worker.jobs).map(({ needs }) => needs))
    : together(worker.needs, SHELL[worker.trigger]);
