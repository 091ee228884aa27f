import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { againUntilDone } from "../kernel/again.ts";
import { allToldOf, detailTypeOf, kindOf, type News, type ToldNews, type ToldTogether } from "./event.ts";

export type EventDeps = { events: EventBridgeClient; eventBusName: string };

/** The source by which rules on the bus know our events. */
export const EVENT_SOURCE = "vouchsafe";

/** EventBridge takes ten at once. */
const ENTRIES_PER_CALL = 10;
/**
 * Four tries with pauses of at most 50 to 200 ms. The caller tries again later, or is itself tried again.
 */
const PATIENCE = { tries: 4, firstMs: 50 };

/** The bus did not take everything. Some may be out; emitting all of it again is harmless. */
export class NotEmitted extends Error {
  override readonly name = "NotEmitted";
}

/**
 * Emits news on the bus, at least once, one entry for each subject: an entry is what is paid for. An event has the same
 * id each time, so consumers drop what they have seen. Call it after the write that makes the events true.
 *
 * @throws NotEmitted
 */
export async function emit(deps: EventDeps, ...news: readonly News[]): Promise<void> {
  await emitTold(deps, allToldOf(news));
}

/**
 * Emits what consumers get, as `emit` does, for a caller who has made it already.
 *
 * @throws NotEmitted
 */
export async function emitTold(deps: EventDeps, told: readonly ToldNews[]): Promise<void> {
  await emitEntries(
    deps,
    told.map((one) => entryOf(deps, one)),
  );
}

/**
 * The most subjects of one entry. AWS charges for each 64 KB, and the news of an order is some hundreds of bytes. A consumer takes those of
 * ten entries at once, in the time that one call has.
 */
const SUBJECTS_PER_ENTRY = 10;

/**
 * Emits the news of many subjects of one kind, `SUBJECTS_PER_ENTRY` of them in an entry. Whose buyer can be reached has an entry of its own,
 * because a rule on the bus chooses by that.
 *
 * @throws NotEmitted
 */
export async function emitTogether(deps: EventDeps, told: readonly ToldNews[]): Promise<void> {
  const many = told.filter(({ hasContact }) => hasContact === undefined);
  const groups = Array.from({ length: Math.ceil(many.length / SUBJECTS_PER_ENTRY) }, (_, group) =>
    many.slice(group * SUBJECTS_PER_ENTRY, (group + 1) * SUBJECTS_PER_ENTRY),
  );
  const alone = told.filter(({ hasContact }) => hasContact !== undefined);
  await emitEntries(deps, [
    ...alone.map((one) => entryOf(deps, one)),
    ...groups.map(([one, ...others]) =>
      one !== undefined && others.length === 0
        ? entryOf(deps, one)
        : entryOf(deps, { news: [one ?? [], others].flat() }),
    ),
  ]);
}

async function emitEntries(deps: EventDeps, entries: readonly PutEventsRequestEntry[]): Promise<void> {
  for (let at = 0; at < entries.length; at += ENTRIES_PER_CALL)
    await put(deps, entries.slice(at, at + ENTRIES_PER_CALL));
}

async function put(deps: EventDeps, entries: PutEventsRequestEntry[]): Promise<void> {
  const left = await againUntilDone(entries, PATIENCE, async (some) => {
    const { Entries: results = [] } = await deps.events.send(new PutEventsCommand({ Entries: some }));
    return some.filter((_, index) => results[index]?.ErrorCode !== undefined);
  });
  if (left.length > 0) throw new NotEmitted(`${left.length} of ${entries.length} entries`);
}

function entryOf({ eventBusName }: EventDeps, told: ToldNews | ToldTogether): PutEventsRequestEntry {
  const last = "news" in told ? told.news.at(-1) : told;
  const { type = "", at = "" } = last?.events.at(-1) ?? {};
  return {
    EventBusName: eventBusName,
    Source: EVENT_SOURCE,
    DetailType: detailTypeOf(kindOf(type)),
    Time: new Date(at),
    Detail: JSON.stringify(told),
  };
}
