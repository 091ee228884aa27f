import * as z from "zod";
import type { Key } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import { LIMITS } from "../kernel/limits.ts";
import { StoredMoney as money } from "../kernel/money.ts";
import type { SupplierProtocol } from "./registry.ts";

/** How the keys of suppliers begin, and of what stands beside them: their health, and how their catalogue was read. */
export const SUPPLIERS = "supplier#";
export const supplierKey = (id: string): Key => ({ pk: `${SUPPLIERS}${id}`, sk: "supplier" });
export const healthKey = (id: string): Key => ({ ...supplierKey(id), sk: "health" });
export const syncKey = (id: string): Key => ({ ...supplierKey(id), sk: "sync" });

/** The name of one thing at a supplier. */
export type OfferName = { supplierId: string; supplierProductId: string };

/** How the keys of offers begin. */
export const OFFERS = "offers#";
export const offersOf = (supplierId: string): string => `${OFFERS}${supplierId}`;
export const offerKey = ({ supplierId, supplierProductId }: OfferName): Key => ({
  pk: offersOf(supplierId),
  sk: supplierProductId,
});

/** How the keys of what has changed in catalogues begin. `at` is the moment and the product, as the newest come first. */
export const OFFER_CHANGES = "offer-changes#";
export const changesOf = (supplierId: string): string => `${OFFER_CHANGES}${supplierId}`;
export const offerChangeKey = (supplierId: string, at: string): Key => ({ pk: changesOf(supplierId), sk: at });

/** All rates lie together: there are tens of them. */
export const RATES = "rates";
export const rateKey = ({ from, to }: { from: string; to: string }): Key => ({ pk: RATES, sk: `${from}/${to}` });

/** How the keys of callbacks begin. */
export const CALLBACKS = "callback#";
export const callbackKey = (supplierId: string, eventId: string): Key => ({
  pk: `${CALLBACKS}${supplierId}#${eventId}`,
  sk: "callback",
});

const supplier = z.object({
  id: z.string(),
  name: z.string(),
  /** A name of the registry. The registry itself stays out of here: it brings every protocol along. */
  protocol: z.custom<SupplierProtocol>((value) => typeof value === "string"),
  baseUrl: z.string(),
  callbackUrl: z.string().optional(),
  timeoutMs: z.int(),
  answerWithinSeconds: z.int().default(LIMITS.answerWithinSeconds),
  unknownSeconds: z.int().default(LIMITS.unknownSeconds),
  inFlightSeconds: z.int().optional(),
});
export const suppliers = stored("supplier", supplier);

const sicknessCause = z.enum(["failing", "out_of_funds"]);
export type SicknessCause = z.infer<typeof sicknessCause>;

/**
 * A circuit breaker for each supplier, one small item that all processes share. Closed, it costs nothing: a call that
 * works after others that worked writes nothing. Failures in a row, of any process, open it; then only one probe in
 * each pause calls the supplier, and a probe that works closes it.
 */
const health = z.object({
  state: z.enum(["well", "sick"]).exactOptional(),
  /** Since when it is sick, why, and when the next probe may be made. */
  since: z.string().exactOptional(),
  cause: sicknessCause.exactOptional(),
  probeAt: z.string().exactOptional(),
  /** Failures in a row, while the next one comes before `windowUntil`. */
  failed: z.int().exactOptional(),
  windowUntil: z.string().exactOptional(),
});
export type Health = z.infer<typeof health>;
export const healths = stored("health of a supplier", health);

/** How a supplier's catalogue was read last. */
const sync = z.object({
  supplierId: z.string(),
  startedAt: z.string(),
  /** When the run was asked for that has begun and is not complete. */
  askedAt: z.string().exactOptional(),
  /** When the last complete run began. Offers that it did not change are as old as that. */
  completedAt: z.string().exactOptional(),
  failedAt: z.string().exactOptional(),
  reason: z.string().exactOptional(),
  items: z.int().exactOptional(),
  changed: z.int().exactOptional(),
  /** Products that could not be read: how many, and the names of the first. */
  leftOut: z
    .object({ count: z.int(), first: z.array(z.object({ name: z.string(), field: z.string() })) })
    .exactOptional(),
  /** What we could spend there, and when that was read; it counts for some minutes. Without a time it is unknown. */
  balances: z.array(money).readonly().exactOptional(),
  balancesReadAt: z.string().exactOptional(),
});
export type SyncState = z.infer<typeof sync>;
export const syncs = stored("reading of a catalogue", sync);

/** What a supplier said last of one thing that it sells. */
const offer = z.object({
  supplierId: z.string(),
  supplierProductId: z.string(),
  name: z.string().exactOptional(),
  cost: money.exactOptional(),
  stock: z.number().exactOptional(),
  onSale: z.boolean(),
  /** It is in the catalogue, and this field of it could not be read. Nothing else is known of it now. */
  unread: z.string().exactOptional(),
  /** When it said so, or when it last said the same. */
  at: z.string(),
});
export type Offer = z.infer<typeof offer>;
export const offers = stored("offer", offer);

/** One thing that has changed. Without `before` it is new. `onSale: false` after: it may have left the catalogue. */
const offerChange = z.object({
  at: z.string(),
  supplierProductId: z.string(),
  before: offer.exactOptional(),
  after: offer,
});
export type OfferChange = z.infer<typeof offerChange>;
export const offerChanges = stored("change of an offer", offerChange);

export const rates = stored("rate", z.object({ from: z.string(), to: z.string(), rate: z.string(), at: z.string() }));

/** A callback that verified, as it is stored. Its body lies sealed beside this. */
const callback = z.object({
  supplierId: z.string(),
  eventId: z.string(),
  reference: z.string().exactOptional(),
  catalogueChanged: z.literal(true).exactOptional(),
  processedAt: z.string().exactOptional(),
});
export type Callback = z.infer<typeof callback>;
export const callbacks = stored("callback", callback);
