import type { Part } from "../functions/runtime/needs.ts";
import { FAILURES } from "../shared/dead-letters/failures.ts";
import { IMPORTS } from "../shared/imports/table.ts";
import { NOTES } from "../shared/requests/notes.ts";
import { PURCHASES } from "../shared/restock/purchases.ts";
import { RESTOCKS } from "../shared/restock/table.ts";
import { SETTINGS } from "../shared/review/settings.ts";
import { CALLBACKS } from "../shared/suppliers/callbacks.ts";
import { OFFERS } from "../shared/suppliers/offers.ts";
import { RATES } from "../shared/suppliers/rates.ts";
import { SUPPLIERS } from "../shared/suppliers/settings.ts";
import { OFFER_CHANGES } from "../shared/suppliers/sync.ts";

/**
 * The parts of the operations table, by the leading keys of their items, which are of different worth: a function that notes why it
 * failed may not name a supplier. The table as a whole is granted to nobody.
 */
export const operationsParts = {
  suppliers: [SUPPLIERS],
  offers: [OFFERS, OFFER_CHANGES],
  rates: [RATES],
  settings: [SETTINGS],
  restocks: [RESTOCKS, PURCHASES],
  callbacks: [CALLBACKS],
  failures: [FAILURES],
  imports: [IMPORTS],
  requestNotes: [NOTES],
} as const satisfies Record<Part, readonly string[]>;
