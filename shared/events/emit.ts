import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { againUntilDone } from "../kernel/again.ts";
import { type DomainEvent, eventIdOf } from "./catalogue.ts";

export type EventDeps = { events: EventBridgeClient; eventBusName: string };

/** The source by which rules on the bus know our events. */
export const EVENT_SOURCE = "vouchsafe";

/** EventBridge takes ten at once. */
const EVENTS_PER_CALL = 10;
/**
 * Four tries with pauses of at most 50 to 200 ms. The caller tries again later, or is itself tried again.
 */
const PATIENCE = { tries: 4, firstMs: 50 };

/** The bus did not take all events. Some may be out; emitting all of them again is harmless. */
export class NotEmitted extends Error {
  override readonly name = "NotEmitted";
}

/**
 * Emits events on the bus, at least once. An event has the same id each time, so consumers drop what they have seen.
 * Call it after the write that makes the event true.
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
  const left = await againUntilDone(entries, PATIENCE, async (some) => {
    const { Entries: results = [] } = await deps.events.send(new PutEventsCommand({ Entries: some }));
    return some.filter((_, index) => results[index]?.ErrorCode !== undefined);
  });
  if (left.length > 0) throw new NotEmitted(`${left.length} of ${entries.length} events`);
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
