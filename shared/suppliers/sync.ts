import { setTimeout as pause } from "node:timers/promises";
import { PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, transact, update } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import {
  type CatalogueItem,
  type CataloguePage,
  type LeftOut,
  type SupplierAdapter,
  SupplierDown,
} from "./contract.ts";
import { allOffers } from "./offers.ts";
import { reachSupplier, type SupplierDeps } from "./settings.ts";
import {
  changesOf,
  type Offer,
  type OfferChange,
  offerChangeKey,
  offerChanges,
  offerKey,
  offers,
  type SyncState,
  syncKey,
  syncs,
} from "./table.ts";

export type SyncDeps = SupplierDeps & { clock: Clock };

/**
 * What became of a reading. `down`: the catalogue could not be read · `no_catalogue`: the supplier has none ·
 * `overtaken`: another run has begun since this one was asked for.
 */
export type Synced =
  | {
      kind: "read";
      items: number;
      leftOut: LeftOut[];
      changes: OfferChange[];
      /** Why our balances could not be read, if they could not. */
      balancesDown?: string;
    }
  | { kind: "down"; reason: string }
  | { kind: "no_catalogue" }
  | { kind: "overtaken" };

/**
 * Reads a supplier's whole catalogue, a page at a time and not faster than it may be, and writes down what has changed:
 * each change with its line of the diff, in one write. A product that can't be read is left out and named; its old cost
 * and stock count no more. What is no longer in the catalogue is off sale. A run that dies, or runs twice at once,
 * loses nothing: the next run sees the rest.
 */
export async function syncSupplier(deps: SyncDeps, supplierId: string, askedAt: string): Promise<Synced> {
  const reached = await reachSupplier(deps, supplierId);
  if (reached?.adapter.catalogue === undefined) return { kind: "no_catalogue" };
  const startedAt = deps.clock().toISOString();
  if (!(await begin(deps, supplierId, startedAt, askedAt))) return { kind: "overtaken" };
  // Before and apart from the catalogue: if that can't be read, an old balance must not stay.
  const balances = await readBalances(deps, supplierId, reached.adapter);
  try {
    const known = new Map((await allOffers(deps, supplierId)).map((offer) => [offer.supplierProductId, offer]));
    const changes: OfferChange[] = [];
    const seen = new Set<string>();
    const leftOut: LeftOut[] = [];
    let read = 0;
    for await (const page of pagesOf(reached.adapter)) {
      const { items, odd } = nameable(page);
      leftOut.push(...odd);
      read += items.length;
      const offers = [
        ...items.map((item) => offerOf(supplierId, item, startedAt)),
        ...odd
          .filter(isNamed)
          .flatMap(({ name, field }) => unreadOffers(supplierId, [...known.keys()], name, field, startedAt)),
      ];
      for (const offer of offers) {
        seen.add(offer.supplierProductId);
        changes.push(...(await note(deps, known.get(offer.supplierProductId), offer)));
      }
    }
    for (const gone of [...known.values()].filter((offer) => !seen.has(offer.supplierProductId)))
      changes.push(...(await note(deps, gone, { ...gone, onSale: false, at: startedAt })));
    const found = { items: read, changed: changes.length, ...balances.known };
    const odd =
      leftOut.length === 0 ? {} : { leftOut: { count: leftOut.length, first: leftOut.slice(0, NAMED_AT_MOST) } };
    await end(deps, { supplierId, startedAt, completedAt: startedAt, ...found, ...odd });
    return { kind: "read", items: read, leftOut, changes, ...balances.failure };
  } catch (error) {
    if (!(error instanceof SupplierDown)) throw error;
    await fail(deps, supplierId, deps.clock().toISOString(), error.message);
    return { kind: "down", reason: error.message };
  }
}

/**
 * Reads what we can spend there and writes it down with its time. If it can't be read, nothing is known of it any more.
 */
async function readBalances(deps: SyncDeps, supplierId: string, adapter: SupplierAdapter) {
  try {
    const balances = await adapter.balances?.();
    if (balances === undefined) return {};
    const balancesReadAt = deps.clock().toISOString();
    await update(deps.db, {
      TableName: deps.tables.operations,
      Key: syncKey(supplierId),
      UpdateExpression: "SET balances = :balances, balancesReadAt = :now",
      ExpressionAttributeValues: { ":balances": balances, ":now": balancesReadAt },
    });
    return { known: { balances, balancesReadAt } };
  } catch (error) {
    if (error instanceof SupplierDown) return { failure: { balancesDown: error.message } };
    throw error;
  }
}

/** The pause between two pages: fifteen calls a second at most, which every supplier that we know of allows. */
const PAGE_PAUSE_MS = 70;
const PAGES_AT_MOST = 1_000;

/** How many are named in the note of a reading, which is one item. The list of changes has all that have a name. */
const NAMED_AT_MOST = 20;

async function* pagesOf(adapter: SupplierAdapter): AsyncGenerator<CataloguePage> {
  let cursor: string | undefined;
  for (let pages = 0; pages < PAGES_AT_MOST; pages++) {
    if (pages > 0) await pause(PAGE_PAUSE_MS);
    const page = await adapter.catalogue?.(cursor);
    if (page !== undefined) yield page;
    cursor = page?.next;
    if (cursor === undefined) return;
  }
  throw new SupplierDown("too_many_pages");
}

/** The longest name of a supplier's product that a source of ours, and a key of the table, can hold. */
const LONGEST_NAME = 100;

function nameable({ items, leftOut = [] }: CataloguePage): { items: CatalogueItem[]; odd: LeftOut[] } {
  const isFine = ({ supplierProductId: { length } }: CatalogueItem): boolean => length > 0 && length <= LONGEST_NAME;
  const tooLong = items.filter((item) => !isFine(item)).map(({ supplierProductId }) => supplierProductId.slice(0, 40));
  const odd = tooLong.map((name) => ({ name: `#${name}…`, field: "supplierProductId" }));
  return { items: items.filter(isFine), odd: [...leftOut, ...odd] };
}

/** A position instead of a name begins with `#`: there is nothing to note it under. */
const isNamed = ({ name }: LeftOut): boolean => !name.startsWith("#");

/**
 * Gives the offers of a product that can't be read. A brand takes all that it is sold as with it: `AMZ-US` names
 * `AMZ-US/10.00/USD`.
 */
function unreadOffers(supplierId: string, known: readonly string[], name: string, unread: string, at: string): Offer[] {
  const parts = known.filter((id) => id.startsWith(`${name}/`));
  const names = parts.length === 0 ? [name] : parts;
  return names.map((supplierProductId) => ({ supplierId, supplierProductId, onSale: true, unread, at }));
}

function offerOf(supplierId: string, item: CatalogueItem, at: string): Offer {
  const { supplierProductId, name, cost, stock, onSale } = item;
  return {
    supplierId,
    supplierProductId,
    name,
    onSale,
    at,
    ...(cost === undefined ? {} : { cost }),
    ...(stock === undefined ? {} : { stock }),
  };
}

/** Writes a change, if it is one and no later run has been here. */
async function note(deps: Db<"operations">, before: Offer | undefined, after: Offer): Promise<OfferChange[]> {
  if (before !== undefined && isSame(before, after)) return [];
  const { supplierId, supplierProductId, at } = after;
  const change = { at, supplierProductId, ...(before === undefined ? {} : { before }), after };
  const table = deps.tables.operations;
  const written = await transact(deps.db, [
    {
      Put: {
        TableName: table,
        Item: offers.write(offerKey(after), after),
        ConditionExpression: "attribute_not_exists(pk) OR #at < :at",
        ExpressionAttributeNames: { "#at": "at" },
        ExpressionAttributeValues: { ":at": at },
      },
    },
    {
      Put: {
        TableName: table,
        Item: offerChanges.write(offerChangeKey(supplierId, `${at}#${supplierProductId}`), change, {
          expiresAtEpoch: Math.floor(Date.parse(at) / 1000) + LIMITS.offerChangesKeptSeconds,
        }),
      },
    },
  ]);
  return written.ok ? [change] : [];
}

function isSame(a: Offer, b: Offer): boolean {
  const money = ({ cost }: Offer) => `${cost?.amount} ${cost?.currency}`;
  const isSaid = a.name === b.name && a.onSale === b.onSale && a.unread === b.unread;
  return isSaid && a.stock === b.stock && money(a) === money(b);
}

/** Reads a page of what changed at a supplier, newest first. */
export async function listChanges(
  deps: Db<"operations">,
  supplierId: string,
  limit: number,
  after?: string,
): Promise<{ changes: OfferChange[]; next: string | null }> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.operations,
      KeyConditionExpression: "pk = :changes",
      ExpressionAttributeValues: { ":changes": changesOf(supplierId) },
      ScanIndexForward: false,
      Limit: limit,
      ...(after === undefined ? {} : { ExclusiveStartKey: offerChangeKey(supplierId, after) }),
    }),
  );
  const changes = (page.Items ?? []).map(offerChanges.read);
  const next: unknown = page.LastEvaluatedKey?.["sk"];
  return { changes, next: typeof next === "string" ? next : null };
}

/**
 * Begins a run. Of many that were asked for at once, the first begins: it sees what the others were told of. The same
 * message again means that its first run died, or that its answer was lost: it begins again.
 */
async function begin(deps: Db<"operations">, supplierId: string, now: string, askedAt: string): Promise<boolean> {
  const written = await update(deps.db, {
    TableName: deps.tables.operations,
    Key: syncKey(supplierId),
    UpdateExpression: "SET supplierId = :supplier, startedAt = :now, askedAt = :asked",
    ConditionExpression: "attribute_not_exists(startedAt) OR startedAt < :asked OR askedAt = :asked",
    ExpressionAttributeValues: { ":supplier": supplierId, ":now": now, ":asked": askedAt },
  });
  return written.ok;
}

async function end(deps: Db<"operations">, state: SyncState): Promise<void> {
  const Item = syncs.write(syncKey(state.supplierId), state);
  await deps.db.send(new PutCommand({ TableName: deps.tables.operations, Item }));
}

async function fail(deps: Db<"operations">, supplierId: string, now: string, reason: string): Promise<void> {
  await update(deps.db, {
    TableName: deps.tables.operations,
    Key: syncKey(supplierId),
    UpdateExpression: "SET failedAt = :now, reason = :reason",
    ExpressionAttributeValues: { ":now": now, ":reason": reason },
  });
}
