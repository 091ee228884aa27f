import { batchGet } from "../aws/batch-get.ts";
import type { Db } from "../aws/dynamo.ts";
import { isStocked } from "../catalog/kinds.ts";
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

/**
 * The log is read from this long before the moment of the restore, because an entry is written some seconds after its
 * sale. Replaying an entry that the table knows changes nothing.
 */
const OVERLAP_SECONDS = 3600;

/** Objects read in one step: the log of a hundred batches of at most a hundred orders, some megabytes at most. */
const OBJECTS_PER_STEP = 100;

/**
 * Does one step of repairing stock after the inventory table was restored to the moment `since`. First the log of sales
 * is replayed onto the slots. Then codes that may have been sold without an entry in the log are withheld, range by
 * range. Sales must be closed; otherwise it refuses with `busy`. Each step may be repeated, and so may the whole.
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

/**
 * Finds the latest that is known of each order: from the orders table, which was not restored, or from the log if its
 * entry has a higher version.
 */
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

/** Gives the cursor of the first product behind this one. Null: there is none. */
async function firstStock(deps: RestoreDeps, after = ""): Promise<string | null> {
  const ids = (await allProducts(deps)).filter(({ kind }) => isStocked(kind)).map(({ id }) => id);
  const [next] = ids.filter((id) => id > after).toSorted();
  return next === undefined ? null : `stock ${next} `;
}
