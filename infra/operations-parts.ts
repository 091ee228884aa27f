import type { Part } from "../functions/runtime/needs.ts";
import { ERASURES } from "../shared/buyers/table.ts";
import { CASE_COUNTS, CASES } from "../shared/cases/table.ts";
import { KEY_USE, NONCES } from "../shared/channels/table.ts";
import { FAILURES } from "../shared/dead-letters/table.ts";
import {
  CODES_ASKED,
  LINK_GUESSES,
  LINK_LOOKS,
  ONCE_LINK_COUNTS,
  ONCE_LINKS,
  SEARCHES,
} from "../shared/deliveries/table.ts";
import { DISPUTES } from "../shared/disputes/table.ts";
import { CURSORS } from "../shared/events/table.ts";
import { IMPORTS } from "../shared/imports/table.ts";
import {
  CHANNEL_MESSAGES,
  MESSAGE_LIMITS,
  MESSAGE_SWEEP,
  MESSAGES,
  SENDERS,
  SUPPRESSED,
} from "../shared/messages/table.ts";
import { NOTIFICATIONS, PROVIDERS } from "../shared/payments/table.ts";
import { RECONCILIATIONS } from "../shared/reconciliation/table.ts";
import { NOTES } from "../shared/requests/table.ts";
import { PURCHASES, RESTOCKS } from "../shared/restock/table.ts";
import { SETTINGS } from "../shared/review/table.ts";
import { CALLBACKS, OFFER_CHANGES, OFFERS, RATES, SUPPLIERS } from "../shared/suppliers/table.ts";
import { DAYS, MISSES, PACES } from "../shared/usage/table.ts";
import { DELIVERIES, QUEUES, WEBHOOKS } from "../shared/webhooks/table.ts";

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
  providers: [PROVIDERS],
  notifications: [NOTIFICATIONS],
  disputes: [DISPUTES],
  cases: [CASES, CASE_COUNTS],
  erasures: [ERASURES],
  reconciliations: [RECONCILIATIONS],
  failures: [FAILURES],
  cursors: [CURSORS],
  imports: [IMPORTS],
  requestNotes: [NOTES],
  webhooks: [WEBHOOKS],
  webhookDeliveries: [QUEUES, DELIVERIES],
  senders: [SENDERS, CHANNEL_MESSAGES],
  messages: [MESSAGES, MESSAGE_LIMITS, MESSAGE_SWEEP, SUPPRESSED],
  linkUse: [LINK_GUESSES, LINK_LOOKS, SEARCHES],
  onceLinks: [ONCE_LINKS, ONCE_LINK_COUNTS],
  oneTimeCodes: [CODES_ASKED],
  keyUse: [KEY_USE],
  paces: [PACES],
  usage: [DAYS],
  misses: [MISSES],
  nonces: [NONCES],
} as const satisfies Record<Part, readonly string[]>;
