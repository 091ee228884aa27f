import type { Item, Key } from "../aws/dynamo.ts";
import { listedAs } from "../aws/listed.ts";
import { CHANGES, PRODUCT, PRODUCTS, VERSIONS } from "../catalog/table.ts";
import { CHANNELS, KEYS, NAMED_KEYS } from "../channels/table.ts";
import { FAILURES } from "../dead-letters/table.ts";
import { IMPORTS, importPlace } from "../imports/table.ts";
import { NOTES } from "../requests/table.ts";
import { PURCHASES, RESTOCKS } from "../restock/table.ts";
import { SETTINGS } from "../review/table.ts";
import { CALLBACKS, OFFER_CHANGES, OFFERS, RATES, SUPPLIERS } from "../suppliers/table.ts";

/** A kind of item of the old table. `key`: both of its keys, each as it is, or its beginning if that ends in `#`. */
type OldKind = {
  kind: string;
  to: NewTable;
  key: readonly [string, string?];
  /** What an item has beside what it had: where it stands in a list. */
  beside?: (item: Item) => Item;
};

/** A list must not lose what an earlier version has made. */
const listedImport = ({ createdAt, importId }: Item): Item =>
  listedAs("imports", importPlace({ createdAt: String(createdAt), importId: String(importId) }));

export type NewTable = "identity" | "catalog" | "operations";

/** What the old table holds, and where each kind lives now. */
export const oldKinds: readonly OldKind[] = [
  { to: "identity", kind: "channel", key: [CHANNELS] },
  { to: "identity", kind: "API key", key: [KEYS, "key"] },
  { to: "identity", kind: "name of an API key", key: [NAMED_KEYS] },
  { to: "catalog", kind: "product", key: [PRODUCTS] },
  { to: "catalog", kind: "version of a product", key: [PRODUCT, VERSIONS] },
  { to: "catalog", kind: "change of a product", key: [PRODUCT, CHANGES] },
  {
    to: "operations",
    kind: "supplier",
    key: [SUPPLIERS, "supplier"],
    beside: ({ id }) => listedAs("suppliers", String(id)),
  },
  { to: "operations", kind: "reading of a catalogue", key: [SUPPLIERS, "sync"] },
  { to: "operations", kind: "health of a supplier", key: [SUPPLIERS, "health"] },
  { to: "operations", kind: "offer", key: [OFFERS] },
  { to: "operations", kind: "change of an offer", key: [OFFER_CHANGES] },
  { to: "operations", kind: "rate", key: [RATES] },
  { to: "operations", kind: "settings", key: [SETTINGS, "reviews"] },
  { to: "operations", kind: "rule of buying ahead", key: [RESTOCKS] },
  { to: "operations", kind: "purchase ahead", key: [PURCHASES, "purchase"] },
  { to: "operations", kind: "callback", key: [CALLBACKS, "callback"] },
  { to: "operations", kind: "reason of a failure", key: [FAILURES] },
  { to: "operations", kind: "import", key: [IMPORTS, "import"], beside: listedImport },
  { to: "operations", kind: "segment of an import", key: [IMPORTS, "segment#"] },
  { to: "operations", kind: "note of a request with a key", key: [NOTES, "request"] },
];

/** The kind of an item of the old table by its key; undefined: no version has written such a thing. */
export function kindOf({ pk, sk }: Key): OldKind | undefined {
  return oldKinds.find(({ key: [first, second] }) => isLike(first, pk) && (second === undefined || isLike(second, sk)));
}

const isLike = (pattern: string, key: string): boolean =>
  pattern.endsWith("#") ? key.startsWith(pattern) : key === pattern;
