import * as z from "zod";
import { publish } from "../../../shared/events/publish.ts";
import { paidToDelivered } from "../../../shared/fulfilment/overdue.ts";
import { startRun } from "../../../shared/fulfilment/runs.ts";
import { beginWatch, needsWatch } from "../../../shared/fulfilment/watch.ts";
import { correlated } from "../../../shared/kernel/correlation.ts";
import { chargesIn, newsOf } from "../../../shared/orders/news.ts";
import { isFinal, isUnwinding } from "../../../shared/orders/states.ts";
import { tellChargeDiffers } from "../../runtime/charges.ts";
import { dependenciesOfWorker, eventsClient, s3Client, sfnClient, sqsClient } from "../../runtime/dependencies.ts";
import { settingsFrom } from "../../runtime/env.ts";
import { measure } from "../../runtime/metrics.ts";
import { orderStreamFunction } from "./following.ts";
import type { OrderChange } from "./order-images.ts";
import { workers } from "./workers.ts";

const { env, deps: given } = dependenciesOfWorker(workers.startFulfilment);
const { WATCH_SECONDS } = settingsFrom(z.object({ WATCH_SECONDS: z.coerce.number().int().min(1).max(900) }));
const deps = {
  ...given,
  sfn: sfnClient(),
  workflowArn: env.WORKFLOW_ARN,
  sqs: sqsClient(),
  watchQueueUrl: env.WATCH_QUEUE_URL,
  queuePrefix: env.QUEUE_PREFIX,
  events: eventsClient(),
  eventBusName: env.EVENT_BUS,
  s3: s3Client(),
  eventArchive: env.EVENT_ARCHIVE,
};

/**
 * Starts what follows from an order's change: its workflow if it needs one, its watch if it is new, and its events.
 * (The events are sent here because a stream should have two consumers at most.) An order that was sold in the answer
 * to its request is final before the batch is read, and costs nothing. Everything may be repeated: a run's name is
 * taken once, a second watch finds nothing to do, a repeated event has the same id. The events come last, so that
 * fulfilment does not wait for the bus.
 */
export const handler = orderStreamFunction(deps, "start-fulfilment", {
  newsOf,
  do: async (changes) => {
    await setInMotion(changes);
    await publish(deps, newsOf(changes), placeOf(changes));
    measureDeliveries(changes);
    tellCharges(changes);
  },
});

function tellCharges(changes: readonly OrderChange[]): void {
  for (const change of changes)
    correlated(change.after.correlationId, () => {
      for (const { facts } of chargesIn(change)) tellChargeDiffers(facts);
    });
}

/** Names a batch by its first and last record: the same batch, tried again, is the same object, and a half of it is another. */
const placeOf = (changes: readonly OrderChange[]): { at: string; of: string } => ({
  at: changes[0]?.at ?? "",
  of: `${changes[0]?.sequence}-${changes.at(-1)?.sequence}`,
});

/**
 * Measures how long deliveries took. It is called at the very end: a batch that is repeated would be measured twice.
 */
function measureDeliveries(changes: readonly OrderChange[]): void {
  for (const { before, after, at } of changes) {
    const seconds = paidToDelivered(before, after, at);
    if (seconds !== undefined) measure("PaidToDelivered", seconds);
  }
}

async function setInMotion(changes: readonly OrderChange[]): Promise<void> {
  const latest = new Map(changes.map(({ after }) => [after.id, after]));
  for (const change of changes) {
    const now = latest.get(change.after.id) ?? change.after;
    if (isFinal(now.state)) continue;
    await correlated(now.correlationId, async () => {
      if (needsWatch(change.before, now)) await beginWatch(deps, change.after.id, firstLook(change.after));
      if (needsRun(change)) await startRun(deps, change.after);
    });
  }
}

/** Gives the seconds until the watch's first look. If the promise to the buyer ends earlier, it looks then. */
const firstLook = ({ promise }: OrderChange["after"]): number =>
  Math.min(WATCH_SECONDS, (promise?.withinSeconds ?? WATCH_SECONDS) + 1);

/**
 * Tells whether an order needs a run of its workflow: it was just paid and is not sold from stock, or its next run was
 * asked for.
 */
const needsRun = ({ before, after }: OrderChange): boolean => {
  const isNextRun = before !== undefined && before.run !== after.run;
  if (after.state === "fulfilling" || after.state === "review") return before?.state === "open" || isNextRun;
  return isUnwinding(after.state) && isNextRun;
};
