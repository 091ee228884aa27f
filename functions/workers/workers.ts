import { workers as buyers } from "./buyers/workers.ts";
import { workers as cases } from "./cases/workers.ts";
import { workers as deliveries } from "./deliveries/workers.ts";
import { workers as events } from "./events/workers.ts";
import { workers as fulfilment } from "./fulfilment/workers.ts";
import { workers as messages } from "./messages/workers.ts";
import { workers as orders } from "./orders/workers.ts";
import { workers as payments } from "./payments/workers.ts";
import { workers as reconciliation } from "./reconciliation/workers.ts";
import { workers as stock } from "./stock/workers.ts";
import { workers as suppliers } from "./suppliers/workers.ts";
import { workers as webhooks } from "./webhooks/workers.ts";

/** The functions that nobody calls over HTTP, by domain. */
export const workers = {
  orders,
  fulfilment,
  suppliers,
  payments,
  cases,
  buyers,
  reconciliation,
  stock,
  events,
  webhooks,
  messages,
  deliveries,
} as const;
