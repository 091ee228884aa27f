import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, transact, update, WRITES_PER_TRANSACTION, type Writes } from "../aws/dynamo.ts";
import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { memory } from "../kernel/memory.ts";
import { type Refusal, refuse } from "../kernel/problem.ts";
import { bySaleOrder, type Directory, type PoolId, type Range, type RangeEntry, TOTAL } from "./model.ts";
import { newRangeWrites, readRanges, stockItems } from "./ranges.ts";
import { directories } from "./stored.ts";
import { DIRECTORIES, directoryKey } from "./table.ts";

type Deps = Db<"inventory">;

/** Reads a pool's directory as it is now. For a pool that does not exist it is empty. */
export async function readDirectory(deps: Deps, productId: string, pool: PoolId = TOTAL): Promise<Directory> {
  return (await findDirectory(deps, productId, pool)) ?? emptyDirectory(productId, pool);
}

export const emptyDirectory = (productId: string, pool: PoolId): Directory => ({
  productId,
  pool,
  version: 0,
  ranges: [],
});

export async function findDirectory(deps: Deps, productId: string, pool: PoolId): Promise<Directory | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.inventory, Key: directoryKey(productId, pool), ConsistentRead: true }),
  );
  return directories.find(found.Item);
}

/** Reads the directories of all pools of a product, the total first. */
export async function allDirectories(deps: Deps, productId: string): Promise<Directory[]> {
  return (await stockItems(deps, productId, DIRECTORIES)).map(directories.read);
}

/**
 * Reads a page of a product's pools by name, the total first. `next` is the last one of the page, if there may be more.
 */
export async function readDirectories(
  deps: Deps,
  productId: string,
  limit: number,
  after?: PoolId,
): Promise<{ directories: Directory[]; next: PoolId | null }> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.inventory,
      KeyConditionExpression: "pk = :stock AND begins_with(sk, :directory)",
      ExpressionAttributeValues: { ":stock": directoryKey(productId, TOTAL).pk, ":directory": DIRECTORIES },
      ConsistentRead: true,
      Limit: limit,
      ...(after === undefined ? {} : { ExclusiveStartKey: directoryKey(productId, after) }),
    }),
  );
  const found = (page.Items ?? []).map(directories.read);
  return { directories: found, next: page.LastEvaluatedKey === undefined ? null : (found.at(-1)?.pool ?? null) };
}

// Ranges come and go with imports, so a list two seconds old sells as well as a new one. A draw that finds nothing in
// an old list looks again (see tickets.ts).
const remembered = memory<Directory>({ lastsMs: 2_000, most: 10_000 });

const nameIn = (deps: Deps, productId: string, pool: PoolId): string => `${deps.tables.inventory}/${productId}/${pool}`;

export async function cachedDirectory(
  deps: Deps,
  productId: string,
  pool: PoolId,
): Promise<{ directory: Directory; fresh: boolean }> {
  const known = rememberedDirectory(deps, productId, pool);
  if (known !== undefined) return { directory: known, fresh: false };
  const directory = await readDirectory(deps, productId, pool);
  remembered.note(nameIn(deps, productId, pool), directory);
  return { directory, fresh: true };
}

/** Gives the directory that this process remembers. Reads nothing. */
export function rememberedDirectory(deps: Deps, productId: string, pool: PoolId): Directory | undefined {
  return remembered.recall(nameIn(deps, productId, pool));
}

export function forgetDirectory(deps: Deps, productId: string, pool: PoolId): void {
  remembered.forget(nameIn(deps, productId, pool));
}

/**
 * Makes the write that changes a directory's list, on condition that nobody else has changed it. New stock also ends a
 * sold-out mark.
 */
export function listWrite(deps: Deps, directory: Directory, change: (ranges: RangeEntry[]) => RangeEntry[]): Writes {
  const { productId, pool, version } = directory;
  forgetDirectory(deps, productId, pool);
  return [
    {
      Update: {
        TableName: deps.tables.inventory,
        Key: directoryKey(productId, pool),
        UpdateExpression:
          "SET v = :v, ranges = :ranges, version = :next, productId = :product, #pool = :pool REMOVE soldOutUntil",
        ConditionExpression: "attribute_not_exists(pk) OR version = :version",
        ExpressionAttributeNames: { "#pool": "pool" },
        ExpressionAttributeValues: {
          ":v": directories.version,
          ":ranges": change(directory.ranges).sort(bySaleOrder),
          ":next": version + 1,
          ":version": version,
          ":product": productId,
          ":pool": pool,
        },
      },
    },
  ];
}

export const entryOf = ({ id, expiresAt }: RangeEntry): RangeEntry => ({ id, expiresAt });

/**
 * The bytes that DynamoDB counts for an entry of the list beside its name: two attribute names, a time, and overhead.
 */
const ENTRY_BYTES = 41;

const sizeOf = (entries: readonly RangeEntry[]): number =>
  entries.reduce((sum, { id }) => sum + ENTRY_BYTES + id.length, 0);

/**
 * Tells whether the list has room for more ranges. Imports, transfers and lanes ask, because they can wait. What comes
 * back from orders can't wait, and has the rest of the item.
 */
export const hasRoomFor = ({ ranges }: Directory, more: readonly RangeEntry[]): boolean =>
  sizeOf(ranges) + sizeOf(more) <= LIMITS.listBytes;

/** The pool lists as many ranges as it may. Try again when some of them are sold out. */
export class ListFull extends Error {
  override readonly name = "ListFull";
}

export const listFull = (): Refusal =>
  refuse("too_scattered", "The pool's stock lies in as many ranges as it can list; try again when some are sold out.");

/** One write for the directory; for each range two: its counters, and its entry in the list of ranges. */
const RANGES_PER_WRITE = Math.floor((WRITES_PER_TRANSACTION - 1) / 2);

/**
 * Makes the ranges of new slabs and lists them in their pool. All ranges of a slab are made in one write, or none: if
 * one of them exists, the slab is or was for sale, and may have been cut in other places since. Idempotent. Throws
 * `ListFull` if there is no room for those that don't exist.
 */
export async function addRanges(deps: Deps, slabs: readonly Range[][]): Promise<void> {
  const atOnce = Math.floor(RANGES_PER_WRITE / Math.max(1, ...slabs.map((ranges) => ranges.length)));
  for (let at = 0; at < slabs.length; at += atOnce) {
    let missing = slabs.slice(at, at + atOnce);
    for (let added = missing.flat(); added[0] !== undefined; added = missing.flat()) {
      const { productId, pool } = added[0];
      const directory = await readDirectory(deps, productId, pool);
      const entries = added.map(entryOf);
      if (!hasRoomFor(directory, entries)) {
        const missingNow = await notThere(deps, missing);
        if (missingNow.length === missing.length)
          throw new ListFull(`${productId}: no room for ${entries.length} ranges`);
        missing = missingNow;
        continue;
      }
      const list = listWrite(deps, directory, (listed) => [...listed, ...entries]);
      const written = await transact(deps.db, [...added.flatMap((range) => newRangeWrites(deps, range)), ...list]);
      forgetDirectory(deps, productId, pool);
      if (written.ok) break;
      const there = new Set(written.failed.map((write) => added[Math.floor(write / 2)]?.slab));
      missing = missing.filter(([first]) => !there.has(first?.slab));
    }
  }
}

async function notThere(deps: Deps, slabs: readonly Range[][]): Promise<Range[][]> {
  const firsts = slabs.flatMap(([first]) => first?.id ?? []);
  const there = new Set((await readRanges(deps, firsts)).map(({ id }) => id));
  return slabs.filter(([first]) => first !== undefined && !there.has(first.id));
}

/**
 * Removes ranges from their pool's list, together with the writes `because`. Returns the directory as it then is;
 * undefined: somebody changed it, or what `because` relies on.
 */
export async function unlist(
  deps: Deps,
  directory: Directory,
  ids: readonly string[],
  because: Writes,
): Promise<Directory | undefined> {
  const kept = directory.ranges.filter(({ id }) => !ids.includes(id));
  const written = await transact(deps.db, [...because, ...listWrite(deps, directory, () => kept)]);
  forgetDirectory(deps, directory.productId, directory.pool);
  return written.ok ? { ...directory, ranges: kept, version: directory.version + 1 } : undefined;
}

/** How long a sold-out mark counts. It heals by itself: a wrong mark costs one second at most. */
const SOLD_OUT_SECONDS = 1;

/**
 * Marks a pool as sold out, so that the next buyers don't search. It is only a hint: a code may come back meanwhile,
 * therefore its short life.
 */
export async function markSoldOut(deps: Deps, productId: string, pool: PoolId, now: Date): Promise<void> {
  await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: directoryKey(productId, pool),
    UpdateExpression: "SET soldOutUntil = :until",
    ConditionExpression: "attribute_exists(pk) AND (attribute_not_exists(soldOutUntil) OR soldOutUntil < :now)",
    ExpressionAttributeValues: { ":until": after(now, SOLD_OUT_SECONDS), ":now": now.toISOString() },
  });
  forgetDirectory(deps, productId, pool);
}

/** Removes a sold-out mark that this process knows of. Another one ends by itself, a second after it was set. */
export async function endSoldOut(deps: Deps, productId: string, pool: PoolId): Promise<void> {
  const { directory } = await cachedDirectory(deps, productId, pool);
  if (directory.soldOutUntil !== undefined) await clearSoldOut(deps, productId, pool);
}

export async function clearSoldOut(deps: Deps, productId: string, pool: PoolId): Promise<void> {
  await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: directoryKey(productId, pool),
    UpdateExpression: "REMOVE soldOutUntil",
    ConditionExpression: "attribute_exists(pk)",
  });
  forgetDirectory(deps, productId, pool);
}

/** Writes the settings of a pool, all of them at once. */
export async function setDirectory(
  deps: Deps,
  productId: string,
  pool: PoolId,
  change: Partial<Pick<Directory, "frozen" | "lanes" | "lowBelow" | "hasPools" | "owner" | "whenEmpty">>,
): Promise<void> {
  const names = Object.keys(change);
  await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: directoryKey(productId, pool),
    UpdateExpression: `SET v = :v, productId = :product, #pool = :pool, ranges = if_not_exists(ranges, :none), version = if_not_exists(version, :zero), ${names.map((name) => `#${name} = :${name}`).join(", ")}`,
    ExpressionAttributeNames: {
      "#pool": "pool",
      ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
    },
    ExpressionAttributeValues: {
      ":v": directories.version,
      ":product": productId,
      ":pool": pool,
      ":none": [],
      ":zero": 0,
      ...Object.fromEntries(Object.entries(change).map(([name, value]) => [`:${name}`, value])),
    },
  });
  forgetDirectory(deps, productId, pool);
}
