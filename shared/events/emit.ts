import { setTimeout as wait } from "node:timers/promises";
import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { type DomainEvent, eventIdOf } from "./catalogue.ts";

export type EventDeps = { events: EventBridgeClient; eventBusName: string };

/** Who says so, to rules on the bus. */
export const EVENT_SOURCE = "vouchsafe";

/** EventBridge takes ten at once. */
const EVENTS_PER_CALL = 10;
/** Four tries, 50 to 200 ms apart at most (full jitter). Who calls tries again later, or is itself tried again. */
const TRIES = 4;

/** The bus did not take all events: some may be out, and emitting all of them again is harmless. */
export class NotEmitted extends Error {
  override readonly name = "NotEmitted";
}

/**
 * Tells everybody who listens on the bus. At least once: the id in the detail is the same for the same event, so that
 * consumers drop what they have seen. Emit after the write that makes it true.
 *
 * @throws NotEmitted
 */
export async function emit(deps: EventDeps, ...events: DomainEvent[]): Promise<void> {
  for (let at = 0; at < events.length; at += EVENTS_PER_CALL)
    await put(
      deps,
      events.slice(at, at + EVENTS_PER_CALL).map((event) => entryOf(deps, event)),
    );
}

async function put(deps: EventDeps, entries: PutEventsRequestEntry[]): Promise<void> {
  let left = entries;
  for (let attempt = 1; left.length > 0; attempt++) {
    if (attempt > TRIES) throw new NotEmitted(`${left.length} of ${entries.length} events`);
    if (attempt > 1) await wait(Math.random() * 50 * 2 ** (attempt - 2));
    const { Entries: results = [] } = await deps.events.send(new PutEventsCommand({ Entries: left }));
    left = left.filter((_, index) => results[index]?.ErrorCode !== undefined);
  }
}

function entryOf({ eventBusName }: EventDeps, event: DomainEvent): PutEventsRequestEntry {
  const { type, at, facts } = event;
  return {
    EventBusName: eventBusName,
    Source: EVENT_SOURCE,
    DetailType: type,
    Time: new Date(at),
    Detail: JSON.stringify({ id: eventIdOf(event), type, at, ...facts }),
  };
}
