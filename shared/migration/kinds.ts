import type { Item, Key } from "../aws/dynamo.ts";
import { listedAs } from "../aws/listed.ts";
import { besideProducts, CHANGES, changes, PRODUCT, PRODUCTS, products, VERSIONS, versions } from "../catalog/table.ts";
import { apiKeys, CHANNELS, channels, KEYS, NAMED_KEYS, namedKeys } from "../channels/table.ts";
import { FAILURES, failures } from "../dead-letters/table.ts";
import { imports, segments } from "../imports/stored.ts";
import { IMPORTS, importPlace } from "../imports/table.ts";
import { NOTES, notes } from "../requests/table.ts";
import { PURCHASES, purchases, RESTOCKS, restocks } from "../restock/table.ts";
import { SETTINGS, settings } from "../review/table.ts";
import {
  CALLBACKS,
  callbacks,
  healths,
  OFFER_CHANGES,
  OFFERS,
  offerChanges,
  offers,
  RATES,
  rates,
  SUPPLIERS,
  suppliers,
  syncs,
} from "../suppliers/table.ts";

/**
 * A kind of item of the old table. `key`: both of its keys, each as it is, or its beginning if that ends in `#`.
 * `read`: throws `DamagedItem` if an item is not what its kind says.
 */
type OldKind = {
  kind: string;
  to: NewTable;
  key: readonly [string, string?];
  read: (item: Item) => unknown;
  /** What an item has beside what it had: where it stands in a list. */
  beside?: (item: Item) => Item;
};

/** Puts an import into the list of imports, which earlier versions did not have. */
const listedImport = ({ createdAt, importId }: Item): Item =>
  listedAs("imports", importPlace({ createdAt: String(createdAt), importId: String(importId) }));

export type NewTable = "identity" | "catalog" | "operations";

/** What the old table holds, and where each kind lives now. */
export const oldKinds: readonly OldKind[] = [
  { to: "identity", kind: "channel", key: [CHANNELS], read: channels.read },
  { to: "identity", kind: "API key", key: [KEYS, "key"], read: apiKeys.read },
  { to: "identity", kind: "name of an API key", key: [NAMED_KEYS], read: namedKeys.read },
  { to: "catalog", kind: "product", key: [PRODUCTS], read: (item) => [products.read(item), besideProducts.read(item)] },
  {
    to: "catalog",
    kind: "version of a product",
    key: [PRODUCT, VERSIONS],
    read: (item) => [versions.read(item), besideProducts.read(item)],
  },
  { to: "catalog", kind: "change of a product", key: [PRODUCT, CHANGES], read: changes.read },
  {
    to: "operations",
    kind: "supplier",
    key: [SUPPLIERS, "supplier"],
    read: suppliers.read,
    beside: ({ id }) => listedAs("suppliers", String(id)),
  },
  { to: "operations", kind: "reading of a catalogue", key: [SUPPLIERS, "sync"], read: syncs.read },
  { to: "operations", kind: "health of a supplier", key: [SUPPLIERS, "health"], read: healths.read },
  { to: "operations", kind: "offer", key: [OFFERS], read: offers.read },
  { to: "operations", kind: "change of an offer", key: [OFFER_CHANGES], read: offerChanges.read },
  { to: "operations", kind: "rate", key: [RATES], read: rates.read },
  { to: "operations", kind: "settings", key: [SETTINGS, "reviews"], read: settings.read },
  { to: "operations", kind: "rule of buying ahead", key: [RESTOCKS], read: restocks.read },
  { to: "operations", kind: "purchase ahead", key: [PURCHASES, "purchase"], read: purchases.read },
  { to: "operations", kind: "callback", key: [CALLBACKS, "callback"], read: callbacks.read },
  { to: "operations", kind: "reason of a failure", key: [FAILURES], read: failures.read },
  { to: "operations", kind: "import", key: [IMPORTS, "import"], read: imports.read, beside: listedImport },
  { to: "operations", kind: "segment of an import", key: [IMPORTS, "segment#"], read: segments.read },
  { to: "operations", kind: "note of a request with a key", key: [NOTES, "request"], read: notes.read },
];

/** Finds the kind of an item of the old table by its key. Undefined: no version has written such an item. */
export function kindOf({ pk, sk }: Key): OldKind | undefined {
  return oldKinds.find(({ key: [first, second] }) => isLike(first, pk) && (second === undefined || isLike(second, sk)));
}

const isLike = (pattern: string, key: string): boolean =>
  pattern.endsWith("#") ? key.startsWith(pattern) : key === pattern;
