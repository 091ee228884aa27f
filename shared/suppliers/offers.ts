import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { batchGet } from "../aws/batch-get.ts";
import type { Db } from "../aws/dynamo.ts";
import { queryAll } from "../aws/query-pages.ts";
import {
  OFFERS,
  type Offer,
  type OfferName,
  offerKey,
  offers,
  offersOf,
  type SyncState,
  syncKey,
  syncs,
} from "./table.ts";

type Deps = Db<"operations">;

/**
 * Reads the offers of these things, and how their suppliers' catalogues were read. An offer is as old as the last
 * reading that did not change it.
 */
export async function readOffers(
  deps: Deps,
  names: readonly OfferName[],
): Promise<{ offers: Offer[]; syncs: Map<string, SyncState> }> {
  const suppliers = [...new Set(names.map(({ supplierId }) => supplierId))];
  const keys = new Map([...names.map(offerKey), ...suppliers.map(syncKey)].map((key) => [`${key.pk} ${key.sk}`, key]));
  const items = await batchGet(deps.db, deps.tables.operations, [...keys.values()]);
  const read = new Map(
    items
      .filter(({ sk }) => sk === syncKey("").sk)
      .map(syncs.read)
      .map((sync) => [sync.supplierId, sync]),
  );
  const found = items.filter(({ pk }) => String(pk).startsWith(OFFERS)).map(offers.read);
  return { offers: found.map((offer) => asRecent(offer, read.get(offer.supplierId))), syncs: read };
}

function asRecent(offer: Offer, sync: SyncState | undefined): Offer {
  const { completedAt = "" } = sync ?? {};
  return completedAt > offer.at ? { ...offer, at: completedAt } : offer;
}

/** Reads how a supplier's catalogue was read last. Undefined: never. */
export async function readSync(deps: Deps, supplierId: string): Promise<SyncState | undefined> {
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.operations, Key: syncKey(supplierId) }));
  return syncs.find(found.Item);
}

/** Reads all that a supplier sells or has sold. */
export async function allOffers(deps: Deps, supplierId: string): Promise<Offer[]> {
  const items = await queryAll(deps.db, {
    TableName: deps.tables.operations,
    KeyConditionExpression: "pk = :offers",
    ExpressionAttributeValues: { ":offers": offersOf(supplierId) },
  });
  return items.map(offers.read);
}
