import { functions as account } from "./account/operations.ts";
import { functions as api } from "./api/operations.ts";
import { functions as cases } from "./cases/operations.ts";
import { functions as catalog } from "./catalog/operations.ts";
import { functions as deposits } from "./deposits/operations.ts";
import { functions as orders } from "./orders/operations.ts";
import { functions as webhooks } from "./webhooks/operations.ts";

/** The functions that channels call, by domain. */
export const storefront = { catalog, orders, cases, account, deposits, webhooks, api } as const;

/** Everything a channel may call. */
export const operations = {
  ...catalog.storefrontCatalog,
  ...orders.placeOrder,
  ...orders.storefrontOrders,
  ...orders.getDeliverables,
  ...orders.exportDeliverables,
  ...cases.storefrontCases,
  ...orders.renewLink,
  ...account.storefrontAccount,
  ...deposits.storefrontDeposits,
  ...webhooks.storefrontWebhooks,
  ...api.storefrontApi,
} as const;
