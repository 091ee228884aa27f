import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { batchGet } from "../aws/batch-get.ts";
import type { Db, Item, Key } from "../aws/dynamo.ts";
import { queryAll } from "../aws/query-all.ts";
import type { Money } from "../kernel/money.ts";
import type { LeftOut } from "./contract.ts";
import { supplierKey } from "./settings.ts";

type Deps = Db<"operations">;

/** What a supplier said last of one thing that it sells. */
export type Offer = {
  supplierId: string;
  supplierProductId: string;
  name?: string;
  cost?: Money;
  stock?: number;
  onSale: boolean;
  /** It is in the catalogue, and this field of it could not be read. Nothing else is known of it now. */
  unread?: string;
  /** When it said so, or when it last said the same. */
  at: string;
};

/** How a supplier's catalogue was read last. */
export type SyncState = {
  supplierId: string;
  startedAt: string;
  /** When the run was asked for that has begun and is not complete. */
  askedAt?: string;
  /** When the last complete run began. Offers that it did not change are as old as that. */
  completedAt?: string;
  failedAt?: string;
  reason?: string;
  items?: number;
  changed?: number;
  /** Products that could not be read: how many, and the names of the first. */
  leftOut?: { count: number; first: readonly LeftOut[] };
  /** What we could spend there, and when that was read; it counts for some minutes. Without a time it is unknown. */
  balances?: readonly Money[];
  balancesReadAt?: string;
};

/** The name of one thing at a supplier. */
export type OfferName = Pick<Offer, "supplierId" | "supplierProductId">;

/** How the keys of offers begin. */
export const OFFERS = "offers#";
const offersOf = (supplierId: string): string => `${OFFERS}${supplierId}`;
export const offerKey = ({ supplierId, supplierProductId }: OfferName): Key => ({
  pk: offersOf(supplierId),
  sk: supplierProductId,
});
export const syncKey = (supplierId: string): Key => ({ ...supplierKey(supplierId), sk: "sync" });

const asOffer = (item: Item): Offer => {
  const { pk: _pk, sk: _sk, ...offer } = item;
  return offer as Offer;
};

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
  const syncs = new Map(
    items.filter(({ sk }) => sk === "sync").map((item) => [String(item["supplierId"]), item as unknown as SyncState]),
  );
  const offers = items.filter(({ pk }) => String(pk).startsWith(OFFERS)).map(asOffer);
  return { offers: offers.map((offer) => asRecent(offer, syncs.get(offer.supplierId))), syncs };
}

function asRecent(offer: Offer, sync: SyncState | undefined): Offer {
  const { completedAt = "" } = sync ?? {};
  return completedAt > offer.at ? { ...offer, at: completedAt } : offer;
}

/** Reads how a supplier's catalogue was read last. Undefined: never. */
export async function readSync(deps: Deps, supplierId: string): Promise<SyncState | undefined> {
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.operations, Key: syncKey(supplierId) }));
  if (found.Item === undefined) return undefined;
  const { pk: _pk, sk: _sk, ...state } = found.Item;
  return state as SyncState;
}

/** Reads all that a supplier sells or has sold. */
export async function allOffers(deps: Deps, supplierId: string): Promise<Offer[]> {
  const offers = await queryAll(deps.db, {
    TableName: deps.tables.operations,
    KeyConditionExpression: "pk = :offers",
    ExpressionAttributeValues: { ":offers": offersOf(supplierId) },
  });
  return offers.map(asOffer);
}
