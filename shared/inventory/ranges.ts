import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { batchGet } from "../aws/batch-get.ts";
import type { Db, Item, Writes } from "../aws/dynamo.ts";
import { queryAll } from "../aws/query-pages.ts";
import type { ListedRange, PoolId, Range, RangeState } from "./model.ts";
import { listedRanges, ranges } from "./stored.ts";
import { CATALOGUE, catalogueKey, listedItem, rangeItem, rangeKey } from "./table.ts";

type Deps = Db<"inventory">;

/** Reads one range, strongly. */
export async function readRange(deps: Deps, id: string): Promise<Range | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.inventory, Key: rangeKey(id), ConsistentRead: true }),
  );
  return ranges.find(found.Item);
}

/** Reads the ranges with these ids, strongly, in the order asked for. Missing ones are left out. */
export async function readRanges(deps: Deps, ids: readonly string[]): Promise<Range[]> {
  const items = await batchGet(deps.db, deps.tables.inventory, ids.map(rangeKey), true);
  const byId = new Map(items.map(ranges.read).map((range) => [range.id, range]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/**
 * Makes the two writes that make a range: its counters, and its entry in the list of ranges. Both fail if it is there
 * already.
 */
export function newRangeWrites(deps: Deps, range: Range): Writes {
  return [rangeItem(range), listedItem(range)].map((Item) => ({
    Put: { TableName: deps.tables.inventory, Item, ConditionExpression: "attribute_not_exists(pk)" },
  }));
}

/** Makes a range from `first` to `tail` of which nothing is sold. */
export function freshRange(
  of: Pick<Range, "id" | "productId" | "batchId" | "slab" | "expiresAt"> & { pool: PoolId },
  first: number,
  tail: number,
): Range {
  return { ...of, first, start: first, head: first, tail, left: tail - first, state: "open" };
}

/** Reads a page of the list of all ranges that a product ever had, by name. */
export async function readCatalogue(
  deps: Deps,
  productId: string,
  limit: number,
  after?: string,
): Promise<{ entries: ListedRange[]; next: string | undefined }> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.inventory,
      KeyConditionExpression: "pk = :stock AND begins_with(sk, :range)",
      ExpressionAttributeValues: { ":stock": catalogueKey(productId, "").pk, ":range": CATALOGUE },
      ConsistentRead: true,
      Limit: limit,
      ...(after === undefined ? {} : { ExclusiveStartKey: catalogueKey(productId, after) }),
    }),
  );
  const next: unknown = page.LastEvaluatedKey?.["sk"];
  return {
    entries: (page.Items ?? []).map(listedRanges.read),
    next: typeof next === "string" ? next.slice(CATALOGUE.length) : undefined,
  };
}

const RANGES_PER_PAGE = 100;

/** Reads all ranges that a product ever had, with their counters as they are now. */
export async function* allRanges(deps: Deps, productId: string, after?: string): AsyncGenerator<Range> {
  let at = after;
  do {
    const page = await readCatalogue(deps, productId, RANGES_PER_PAGE, at);
    yield* await readRanges(
      deps,
      page.entries.map(({ id }) => id),
    );
    at = page.next;
  } while (at !== undefined);
}

/** Reads the items of a product's stock whose sort key begins so, strongly. */
export async function stockItems(deps: Deps, productId: string, beginning: string): Promise<Item[]> {
  const items = await queryAll(deps.db, {
    TableName: deps.tables.inventory,
    KeyConditionExpression: "pk = :stock AND begins_with(sk, :beginning)",
    ExpressionAttributeValues: { ":stock": catalogueKey(productId, "").pk, ":beginning": beginning },
    ConsistentRead: true,
  });
  return items;
}

/** Counts the codes that nobody has drawn yet, by the state of their ranges. */
export function leftByState(of: readonly Pick<Range, "state" | "left">[]): Record<RangeState, number> {
  const left = { open: 0, frozen: 0, void: 0, order: 0 };
  for (const range of of) left[range.state] += range.left;
  return left;
}
