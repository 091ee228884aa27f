import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, update } from "../aws/dynamo.ts";
import { after } from "../kernel/clock.ts";
import { bySaleOrder, type Directory, type RangeEntry } from "./model.ts";
import { asDirectory, directoryKey } from "./table.ts";

type Deps = Db<"inventory">;

/** The directory as the table has it now. */
export async function readDirectory(deps: Deps, productId: string): Promise<Directory> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.inventory, Key: directoryKey(productId), ConsistentRead: true }),
  );
  return asDirectory(found.Item);
}

// Ranges come and go with imports, so a list two seconds old sells as well as a new one; a claim that finds nothing in an
// old list looks again (see tickets.ts).
const CACHE_MS = 2_000;
const cache = new Map<string, { directory: Directory; until: number }>();

export async function cachedDirectory(
  deps: Deps,
  productId: string,
): Promise<{ directory: Directory; fresh: boolean }> {
  const key = `${deps.tables.inventory}/${productId}`;
  const entry = cache.get(key);
  if (entry !== undefined && entry.until > Date.now()) return { directory: entry.directory, fresh: false };
  const directory = await readDirectory(deps, productId);
  if (cache.size > 10_000) cache.clear();
  cache.set(key, { directory, until: Date.now() + CACHE_MS });
  return { directory, fresh: true };
}

export function forgetDirectory(deps: Deps, productId: string): void {
  cache.delete(`${deps.tables.inventory}/${productId}`);
}

/** Lists ranges that are not listed yet. New stock ends a sold-out mark. */
export async function listRanges(deps: Deps, productId: string, entries: readonly RangeEntry[]): Promise<void> {
  for (;;) {
    const directory = await readDirectory(deps, productId);
    const missing = entries.filter((entry) => !directory.ranges.some((range) => range.id === entry.id));
    if (missing.length === 0) return;
    const ranges = [...directory.ranges, ...missing].sort(bySaleOrder);
    if (await replaceRanges(deps, productId, directory, ranges)) return;
  }
}

/** Drops a range that is sold out and swept, and will never grow again. */
export async function unlistRange(deps: Deps, productId: string, id: string): Promise<void> {
  const directory = await readDirectory(deps, productId);
  const ranges = directory.ranges.filter((range) => range.id !== id);
  // Whoever changed the directory in between left the range for the next sweep to drop.
  await replaceRanges(deps, productId, directory, ranges);
}

async function replaceRanges(deps: Deps, productId: string, old: Directory, ranges: RangeEntry[]): Promise<boolean> {
  const written = await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: directoryKey(productId),
    UpdateExpression: "SET ranges = :ranges, version = :next REMOVE soldOutUntil",
    ConditionExpression: "attribute_not_exists(pk) OR version = :version",
    ExpressionAttributeValues: { ":ranges": ranges, ":next": old.version + 1, ":version": old.version },
  });
  forgetDirectory(deps, productId);
  return written.ok;
}

/** How long one refusal speaks for those behind it. It heals by itself: the worst a stale mark costs is this wait. */
const SOLD_OUT_SECONDS = 1;

/** Tells the next buyers not to bother. Only a hint: it may be set while a code comes back, hence its short life. */
export async function markSoldOut(deps: Deps, productId: string, now: Date): Promise<void> {
  await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: directoryKey(productId),
    UpdateExpression: "SET soldOutUntil = :until",
    ConditionExpression: "attribute_exists(pk) AND (attribute_not_exists(soldOutUntil) OR soldOutUntil < :now)",
    ExpressionAttributeValues: { ":until": after(now, SOLD_OUT_SECONDS), ":now": now.toISOString() },
  });
  forgetDirectory(deps, productId);
}

export async function clearSoldOut(deps: Deps, productId: string): Promise<void> {
  await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: directoryKey(productId),
    UpdateExpression: "REMOVE soldOutUntil",
  });
  forgetDirectory(deps, productId);
}
