import { functions as buyers } from "./buyers/operations.ts";
import { functions as cases } from "./cases/operations.ts";
import { functions as catalog } from "./catalog/operations.ts";
import { functions as channels } from "./channels/operations.ts";
import { functions as deadLetters } from "./dead-letters/operations.ts";
import { functions as disputes } from "./disputes/operations.ts";
import { functions as events } from "./events/operations.ts";
import { functions as imports } from "./imports/operations.ts";
import { functions as ledger } from "./ledger/operations.ts";
import { functions as messages } from "./messages/operations.ts";
import { functions as orders } from "./orders/operations.ts";
import { functions as payments } from "./payments/operations.ts";
import { functions as reconciliation } from "./reconciliation/operations.ts";
import { functions as review } from "./review/operations.ts";
import { functions as stock } from "./stock/operations.ts";
import { functions as suppliers } from "./suppliers/operations.ts";
import { functions as tables } from "./tables/operations.ts";
import { functions as webhooks } from "./webhooks/operations.ts";

/** The functions that operators call with IAM credentials, by domain. */
export const operator = {
  catalog,
  suppliers,
  channels,
  stock,
  imports,
  ledger,
  orders,
  payments,
  disputes,
  cases,
  buyers,
  reconciliation,
  review,
  "dead-letters": deadLetters,
  events,
  webhooks,
  messages,
  tables,
} as const;

/** Everything an operator may call. */
export const operations = {
  ...catalog.operatorCatalog,
  ...suppliers.operatorSuppliers,
  ...channels.operatorChannels,
  ...stock.operatorStock,
  ...stock.operatorCodes,
  ...stock.restoreStock,
  ...imports.operatorImports,
  ...imports.importStock,
  ...ledger.operatorLedger,
  ...orders.operatorOrders,
  ...orders.rotateLink,
  ...payments.operatorPayments,
  ...disputes.operatorDisputes,
  ...cases.operatorCases,
  ...cases.decideCase,
  ...buyers.exportBuyers,
  ...buyers.operatorBuyers,
  ...reconciliation.operatorReconciliation,
  ...review.operatorReview,
  ...review.decideReview,
  ...deadLetters.operatorDeadLetters,
  ...events.operatorEvents,
  ...webhooks.operatorWebhooks,
  ...messages.operatorMessages,
  ...messages.testSender,
  ...tables.migrateTables,
} as const;
