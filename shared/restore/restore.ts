import { batchGet } from "../aws/batch-get.ts";
import type { Db } from "../aws/dynamo.ts";
import { isStocked } from "../catalog/model.ts";
import { allProducts } from "../catalog/products.ts";
import { endOf } from "../inventory/count.ts";
import { readCatalogue, readRanges } from "../inventory/ranges.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { asOrder, orderKey } from "../orders/table.ts";
import { placesIn, type Replayed, replay } from "./replay.ts";
import { type LogObject, readLog, type SalesEntry, type SalesLog } from "./sales-log.ts";
import { type Restore, withholdIn } from "./withhold.ts";

export type RestoreDeps = Db<"inventory" | "orders" | "platform"> & SalesLog;

/** An order that took codes, and that the orders table does not know, or not so far: somebody must settle it by hand. */
export type LostOrder = Pick<SalesEntry, "orderId" | "channelId" | "state" | "total">;

/** What one step did, in codes, and where the next begins; null: all of it is done. */
export type Step = Replayed & { lostOrders: LostOrder[]; next: string | null };

/** The log is written within seconds, and read from this long before the moment of the restore: what is replayed twice is the same. */
const OVERLAP_SECONDS = 3600;

/** Objects read in one step: the log of a hundred batches of at most a hundred orders, some megabytes at most. */
const OBJECTS_PER_STEP = 100;

/** Where a step begins: in the log, behind an object and so many places of the one after it; then in a product's ranges. */
export const CURSOR = /^(log [\w:.-]+ \d+|stock prod_[0-9a-z]{20,26} [\w.]*)$/;

/**
 * A step of making stock true again after its table was restored to the moment `since`, while sales are closed: first the log
 * of sales is replayed onto the slots, then whatever may have been sold without the log's knowing is withheld, range by range.
 * Steps may be repeated, and the whole begun again.
 */
export async function restoreStock(deps: RestoreDeps, restore: Restore, cursor?: string): Promise<Result<Step>> {
  const [phase, where = "", from = ""] = (cursor ?? firstCursor(restore)).split(" ");
  return phase === "log" ? ok(await replayLog(deps, where, Number(from))) : withholdStock(deps, restore, where, from);
}

const firstCursor = ({ since }: Restore): string =>
  `log ${new Date(Date.parse(since) - OVERLAP_SECONDS * 1000).toISOString()} 0`;

async function replayLog(deps: RestoreDeps, after: string, skip: number): Promise<Step> {
  const objects = await readLog(deps, after, OBJECTS_PER_STEP);
  const { some, next } = cutTo(objects, after, skip, LIMITS.codesPerStep);
  const entries = objects.flatMap((object) => object.entries);
  const [replayed, lostOrders] = await Promise.all([
    replay(deps, some),
    skip === 0 ? lostAmong(deps, entries) : Promise.resolve([]),
  ]);
  return { ...replayed, lostOrders, next: objects.length === 0 ? await firstStock(deps) : next };
}

/** As many places as one step has time for, and where the next one begins. */
function cutTo(objects: readonly LogObject[], after: string, skip: number, atMost: number) {
  const some: ReturnType<typeof placesIn> = [];
  let done = after;
  let skipped = skip;
  for (const { name, entries } of objects) {
    const places = entries.flatMap(placesIn).slice(skipped);
    const room = atMost - some.length;
    some.push(...places.slice(0, room));
    if (places.length > room) return { some, next: `log ${done} ${skipped + room}` };
    done = name;
    skipped = 0;
  }
  return { some, next: `log ${done} 0` };
}

async function lostAmong(deps: RestoreDeps, entries: readonly SalesEntry[]): Promise<LostOrder[]> {
  const latest = new Map(entries.map((entry) => [entry.orderId, entry]));
  const ids = [...latest.keys()];
  const known = new Set<string>();
  for (let at = 0; at < ids.length; at += ORDERS_PER_READ) {
    const keys = ids.slice(at, at + ORDERS_PER_READ).map(orderKey);
    for (const item of await batchGet(deps.db, deps.tables.orders, keys, true)) known.add(asOrder(item).id);
  }
  return [...latest.values()]
    .filter(({ orderId }) => !known.has(orderId))
    .map(({ orderId, channelId, state, total }) => ({ orderId, channelId, state, total }));
}

const ORDERS_PER_READ = 100;

const nothing = { sold: 0, withheld: 0, moved: 0, lost: 0, lostOrders: [] };

async function withholdStock(
  deps: RestoreDeps,
  restore: Restore,
  productId: string,
  after: string,
): Promise<Result<Step>> {
  let at: string | undefined = after === "" ? undefined : after;
  let withheld = 0;
  let slots = 0;
  do {
    const page = await readCatalogue(deps, productId, 1, at);
    for (const range of await readRanges(
      deps,
      page.entries.map(({ id }) => id),
    )) {
      const some = await withholdIn(deps, range, restore);
      if (some === undefined) return refuse("busy", "Stock is being sold meanwhile: close sales first.");
      withheld += some;
      slots += endOf(range) - range.first;
    }
    at = page.next;
  } while (at !== undefined && slots < LIMITS.slotsPerRestore);
  const next = at === undefined ? await firstStock(deps, productId) : `stock ${productId} ${at}`;
  return ok({ ...nothing, withheld, next });
}

/** The first range of the product behind this one; null: there is none. */
async function firstStock(deps: RestoreDeps, after = ""): Promise<string | null> {
  const ids = (await allProducts(deps)).filter(({ kind }) => isStocked(kind)).map(({ id }) => id);
  const [next] = ids.filter((id) => id > after).toSorted();
  return next === undefined ? null : `stock ${next} `;
}
