import { batchGet } from "../aws/batch-get.ts";
import type { Db } from "../aws/dynamo.ts";
import { isStocked } from "../catalog/model.ts";
import { allProducts } from "../catalog/products.ts";
import { endOf } from "../inventory/count.ts";
import { readCatalogue, readRanges } from "../inventory/ranges.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import type { Order } from "../orders/model.ts";
import { asOrder, orderKey } from "../orders/table.ts";
import { cutTo, distinct, type Part, placesOf } from "./places.ts";
import { replay } from "./replay.ts";
import { type Report, report } from "./report.ts";
import { entryOf, readLog, type SalesEntry, type SalesLog } from "./sales-log.ts";
import { type Restore, withholdIn } from "./withhold.ts";

export type RestoreDeps = Db<"inventory" | "orders" | "catalog"> & SalesLog;

/** What one step did, and where the next begins; null: all of it is done. */
export type Step = Report & { next: string | null };

/** The log is written within seconds, and read from this long before the moment of the restore: what is replayed twice is the same. */
const OVERLAP_SECONDS = 3600;

/** Objects read in one step: the log of a hundred batches of at most a hundred orders, some megabytes at most. */
const OBJECTS_PER_STEP = 100;

/**
 * A step of making stock true again after its table was restored to the moment `since`, while sales are closed: first the log
 * of sales is replayed onto the slots, then whatever may have been sold without the log's knowing is withheld, range by range.
 * Steps may be repeated, and the whole begun again.
 */
export async function restoreStock(deps: RestoreDeps, restore: Restore, cursor?: string): Promise<Result<Step>> {
  const [phase, where = "", from = ""] = (cursor ?? firstCursor(restore)).split(" ");
  return phase === "log"
    ? ok(await replayLog(deps, restore, where, Number(from)))
    : withholdStock(deps, restore, where, from);
}

const firstCursor = ({ since }: Restore): string =>
  `log ${new Date(Date.parse(since) - OVERLAP_SECONDS * 1000).toISOString()} 0`;

async function replayLog(deps: RestoreDeps, { since }: Restore, after: string, skip: number): Promise<Step> {
  const objects = await readLog(deps, after, OBJECTS_PER_STEP);
  if (objects.length === 0) return { ...nothing, next: await firstStock(deps) };
  const { parts, next } = cutTo(objects, after, skip, LIMITS.codesPerStep);
  const known = await readOrders(deps, parts);
  const latest = latestOf(parts, known);
  const places = distinct(parts.flatMap((part) => placesOf(part, latest.get(part.entry.orderId) ?? part.entry, since)));
  const outcomes = await replay(deps, places);
  return { ...report(parts, places, outcomes, known), next };
}

async function readOrders(deps: RestoreDeps, parts: readonly Part[]): Promise<Map<string, Order>> {
  const ids = [...new Set(parts.map(({ entry }) => entry.orderId))];
  const found = await batchGet(deps.db, deps.tables.orders, ids.map(orderKey), true);
  return new Map(found.map(asOrder).map((order) => [order.id, order]));
}

/** The orders' own table was not set back: it has the last word on them, unless the log knows of something later. */
function latestOf(parts: readonly Part[], known: ReadonlyMap<string, Order>): Map<string, SalesEntry> {
  const latest = new Map([...known].map(([id, order]) => [id, entryOf(order)]));
  for (const { entry } of parts)
    if ((latest.get(entry.orderId)?.version ?? 0) < entry.version) latest.set(entry.orderId, entry);
  return latest;
}

const nothing: Report = { sold: 0, withheld: 0, moved: 0, lost: 0, lostOrders: [], ordersWithoutGoods: [] };

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
