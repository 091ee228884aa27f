import type { Needs } from "./runtime/needs.ts";

// What acts that several functions share take: each set is named by the act.

/** Transactions have no action of their own: each of their items needs its own. */
export const read = ["GetItem", "BatchGetItem"] as const;
export const readAll = [...read, "Query"] as const;

/** Copying items that are not there yet, and comparing those that are. */
export const copyItems = ["PutItem", "BatchGetItem"] as const;

/** What it takes to do an order's next step: take or give back stock, move money, move the order. */
export const moveStock = ["GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "ConditionCheckItem"] as const;
export const moveMoney = ["GetItem", "Query", "PutItem", "UpdateItem", "BatchWriteItem"] as const;
export const advanceOrder = {
  ordersTable: ["GetItem", "UpdateItem"],
  // A run that a large order let go of untouched becomes part of its range again.
  inventoryTable: [...moveStock, "DeleteItem"],
  ledgerTable: moveMoney,
} as const satisfies Needs;

/** Bringing what a channel says to each of its keys, and telling that it has changed. */
export const tellKeys = {
  identityTable: ["GetItem", "Query", "UpdateItem", "ConditionCheckItem"],
  eventBus: ["PutEvents"],
} as const satisfies Needs;

/** Making links to buyers' pages of orders that there are, and ending those before. */
export const renewLinks = {
  ordersTable: ["GetItem", "PutItem", "UpdateItem", "DeleteItem"],
  linkKey: ["GenerateMac"],
} as const satisfies Needs;

/** Showing goods to their owner: that they are seen is on record first. */
export const handOver = {
  ordersTable: ["GetItem", "UpdateItem"],
  inventoryTable: read,
  identityTable: ["GetItem"],
  auditTable: ["PutItem"],
  codesKey: ["Decrypt"],
} as const satisfies Needs;

/**
 * What a function needs that may receive goods from a supplier. It seals them on arrival and can't open them, and it books
 * what they have cost.
 */
export const storeGoods = {
  // A mark that counts codes with numbers is raised in place.
  inventoryTable: ["BatchGetItem", "PutItem", "UpdateItem"],
  codesKey: ["GenerateDataKey"],
  fingerprintKey: ["GenerateMac"],
  ledgerTable: ["PutItem"],
} as const satisfies Needs;

/** Waiting executions have items of their own beside the order. */
export const wake = ["Query", "DeleteItem"] as const;

/** Paying money in, and spreading it over the lanes of an account. */
export const moveDeposits = {
  identityTable: ["GetItem"],
  ledgerTable: ["GetItem", "Query", "PutItem", "UpdateItem"],
  auditTable: ["PutItem"],
} as const satisfies Needs;

/** Booking what orders have decided. */
export const settleMoney = ["GetItem", "PutItem", "UpdateItem", "BatchWriteItem"] as const;

/** The turn of an order's watch stands beside the order. */
export const beginWatch = ["UpdateItem"] as const;

/** A decision about a review: it may ask the supplier first, who may hand the goods over, move stock and money, and wake the run. */
export const decideReview = {
  ...storeGoods,
  ...advanceOrder,
  ordersTable: [...wake, "GetItem", "UpdateItem"],
  catalogTable: read,
  suppliers: read,
  offers: read,
  settings: ["GetItem"],
  auditTable: ["PutItem"],
  secrets: ["GetParameter"],
  taskTokens: ["SendTaskSuccess"],
} as const satisfies Needs;

/** Opening a case after the sale, and doing for it what our own stock can. */
export const openCases = {
  ...advanceOrder,
  ordersTable: ["GetItem", "UpdateItem"],
  catalogTable: read,
  cases: ["GetItem", "PutItem"],
  settings: ["GetItem"],
  auditTable: ["PutItem"],
} as const satisfies Needs;

/** Doing for a case whatever was decided: money may go back too. */
export const workOnCases = {
  ...decideReview,
  cases: [...openCases.cases, "UpdateItem"],
} as const satisfies Needs;

/** What suppliers say of their goods, and what that is in our money. */
export const readMarket = {
  // How a catalogue was read last stands beside its supplier.
  suppliers: read,
  offers: read,
  rates: ["Query"],
} as const satisfies Needs;

/** An operator's change of what is in stock, on the record. */
export const changeStock = {
  catalogTable: read,
  inventoryTable: [...readAll, "PutItem", "UpdateItem"],
  auditTable: ["PutItem"],
} as const satisfies Needs;

/** Making an endpoint of webhooks, or another secret for it: it is sealed, and this opens none. */
export const makeEndpoints = {
  webhooks: ["GetItem", "PutItem", "UpdateItem"],
  webhookKey: ["GenerateDataKey"],
} as const satisfies Needs;

/** Changing an endpoint of webhooks. One that is enabled again is served at once. */
export const changeEndpoints = {
  webhooks: ["GetItem", "UpdateItem"],
  webhookQueue: ["SendMessage"],
} as const satisfies Needs;

/** Speaking to senders of messages: their settings and credentials, and those of AWS themselves. */
export const reachSenders = {
  senders: ["GetItem"],
  senderSecrets: ["GetParameter"],
  mail: ["SendEmail", "SendRawEmail"],
  textMessages: ["SendTextMessage"],
} as const satisfies Needs;

/** Putting deliveries into the queues of an endpoint. */
export const enqueueDeliveries = {
  webhooks: ["GetItem"],
  webhookDeliveries: [...read, "PutItem", "UpdateItem"],
  webhookQueue: ["SendMessage"],
} as const satisfies Needs;
