import type { Key } from "../aws/dynamo.ts";
import { FAILURES } from "../dead-letters/failures.ts";
import { IMPORTS } from "../imports/table.ts";
import { NOTES } from "../requests/notes.ts";
import { PURCHASES } from "../restock/purchases.ts";
import { RESTOCKS } from "../restock/table.ts";
import { SETTINGS } from "../review/settings.ts";
import { CALLBACKS } from "../suppliers/callbacks.ts";
import { OFFERS } from "../suppliers/offers.ts";
import { RATES } from "../suppliers/rates.ts";
import { SUPPLIERS } from "../suppliers/settings.ts";
import { OFFER_CHANGES } from "../suppliers/sync.ts";

/** A kind of item of the old table. `pk` is the key, or its beginning if that ends in `#`; `sk` likewise, any if it is left out. */
type OldKind = { kind: string; to: NewTable; pk: string; sk?: string };

export type NewTable = "identity" | "catalog" | "operations";

/** What the old table holds, and where each kind lives now. */
export const oldKinds: readonly OldKind[] = [
  { to: "identity", kind: "channel", pk: "channels" },
  { to: "identity", kind: "API key", pk: "key#", sk: "key" },
  { to: "identity", kind: "name of an API key", pk: "channel#" },
  { to: "catalog", kind: "product", pk: "products" },
  { to: "catalog", kind: "version of a product", pk: "product#", sk: "version#" },
  { to: "catalog", kind: "change of a product", pk: "product#", sk: "change#" },
  { to: "operations", kind: "supplier", pk: SUPPLIERS, sk: "supplier" },
  { to: "operations", kind: "reading of a catalogue", pk: SUPPLIERS, sk: "sync" },
  { to: "operations", kind: "health of a supplier", pk: SUPPLIERS, sk: "health" },
  { to: "operations", kind: "offer", pk: OFFERS },
  { to: "operations", kind: "change of an offer", pk: OFFER_CHANGES },
  { to: "operations", kind: "rate", pk: RATES },
  { to: "operations", kind: "settings", pk: SETTINGS, sk: "reviews" },
  { to: "operations", kind: "rule of buying ahead", pk: RESTOCKS },
  { to: "operations", kind: "purchase ahead", pk: PURCHASES, sk: "purchase" },
  { to: "operations", kind: "callback", pk: CALLBACKS, sk: "callback" },
  { to: "operations", kind: "reason of a failure", pk: FAILURES },
  { to: "operations", kind: "import", pk: IMPORTS, sk: "import" },
  { to: "operations", kind: "segment of an import", pk: IMPORTS, sk: "segment#" },
  { to: "operations", kind: "note of a request with a key", pk: NOTES, sk: "request" },
];

/** The kind of an item of the old table by its key; undefined: no version has written such a thing. */
export function kindOf({ pk, sk }: Key): OldKind | undefined {
  return oldKinds.find((kind) => isLike(kind.pk, pk) && (kind.sk === undefined || isLike(kind.sk, sk)));
}

const isLike = (pattern: string, key: string): boolean =>
  pattern.endsWith("#") ? key.startsWith(pattern) : key === pattern;
