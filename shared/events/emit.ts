import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { againUntilDone } from "../kernel/again.ts";
import { allToldOf, detailTypeOf, kindOf, type News, type ToldNews, type ToldTogether } from "./event.ts";
import { bytesOf, filled, piecesOf } from "./pieces.ts";

export type EventDeps = { events: EventBridgeClient; eventBusName: string };

/** The source by which rules on the bus know our events. */
export const EVENT_SOURCE = "vouchsafe";

/** EventBridge takes ten at once, and 256 KB in all of them. The rest is for what stands around the details. */
const PER_CALL = { most: 10, bytes: 240 * 1024 };
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
    told.flatMap(inEntries).map((one) => entryOf(deps, one)),
  );
}

/**
 * What one entry holds at most. AWS charges for each 64 KB, and the news of an order is some hundreds of bytes. A consumer takes those of
 * ten subjects in the time that one call has.
 */
const PER_ENTRY = { most: 10, bytes: 60 * 1024 };

/**
 * Emits the news of many subjects, several of them in an entry. Those of an entry are of one kind: rules on the bus choose by it. Whose buyer
 * can be reached has an entry of its own, because a rule chooses by that too.
 *
 * @throws NotEmitted
 */
export async function emitTogether(deps: EventDeps, told: readonly ToldNews[]): Promise<void> {
  const pieces = told.flatMap(inEntries);
  const alone = pieces.filter(({ hasContact }) => hasContact !== undefined);
  const others = pieces.filter(({ hasContact }) => hasContact === undefined);
  const groups = [...Map.groupBy(others, kindOfNews).values()].flatMap((some) => filled(some, PER_ENTRY, bytesOf));
  await emitEntries(deps, [
    ...alone.map((one) => entryOf(deps, one)),
    ...groups.map((some) => entryOf(deps, some.length === 1 ? some[0] : { news: some })),
  ]);
}

/** Gives news in as many parts as it takes for each to fit into an entry. */
const inEntries = (told: ToldNews): ToldNews[] => piecesOf(told, PER_ENTRY.bytes);

const kindOfNews = ({ events }: ToldNews): string => kindOf(events[0]?.type ?? "");

async function emitEntries(deps: EventDeps, entries: readonly PutEventsRequestEntry[]): Promise<void> {
  for (const some of filled(entries, PER_CALL, ({ Detail = "" }) => Buffer.byteLength(Detail))) await put(deps, some);
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
