import { type FunctionName, functionSpecs } from "./functions.ts";
import {
  advanceOrder,
  beginWatch,
  changeStock,
  decideReview,
  handOver,
  moveDeposits,
  moveMoney,
  moveStock,
  noteFailure,
  read,
  readAll,
  readMarket,
  setAside,
  settleMoney,
  storeGoods,
  wake,
} from "./grant-sets.ts";
import type { ActionOf, Grants, Resource } from "./grantable.ts";

/**
 * Who may do what, all of it. The codes key is decrypted by the three functions that hand goods to their owner, the personal key
 * by the one that tells a supplier whom to top up, the generation key makes codes for one; a new name there is a decision, and a
 * test that has to change.
 */
export const grants: Readonly<Record<FunctionName, Grants>> = {
  // storefront
  placeOrder: {
    ...advanceOrder,
    ordersTable: ["GetItem", "BatchGetItem", "PutItem", "UpdateItem"],
    ledgerTable: [...moveMoney, "BatchGetItem"],
    identityTable: ["GetItem"],
    catalogTable: read,
    ...readMarket,
    auditTable: ["PutItem"],
    codesKey: ["Decrypt"],
    personalKey: ["GenerateDataKey"],
    recognitionKey: ["GenerateMac"],
  },
  getOrder: { ordersTable: ["GetItem"], identityTable: ["GetItem"] },
  listOrders: { ordersTable: ["GetItem"], byChannelIndex: ["Query"], identityTable: ["GetItem"] },
  getDeliverables: handOver,
  // The link that it gives out can do what its maker may.
  exportDeliverables: { ...handOver, requestNotes: ["PutItem"], goodsFiles: ["GetObject", "PutObject"] },
  cancelOrder: { ...advanceOrder, identityTable: ["GetItem"] },
  payOrder: { ...advanceOrder, identityTable: ["GetItem"] },
  listProducts: { identityTable: ["GetItem"], catalogTable: ["Query"], ...readMarket, inventoryTable: read },
  getProduct: { identityTable: ["GetItem"], catalogTable: read, ...readMarket, inventoryTable: read },
  getAccount: { identityTable: ["GetItem"], ledgerTable: ["GetItem", "Query"] },
  getOpenapi: {},
  notFound: {},

  // supplier
  receiveCallback: {
    ordersTable: ["GetItem"],
    suppliers: ["GetItem"],
    callbacks: ["PutItem"],
    restocks: ["GetItem"],
    personalKey: ["GenerateDataKey"],
    callbackQueue: ["SendMessage"],
    secrets: ["GetParameter"],
  },
  processCallback: {
    ...storeGoods,
    syncQueue: ["SendMessage"],
    ordersTable: [...wake, "GetItem", "UpdateItem"],
    suppliers: ["GetItem"],
    callbacks: ["GetItem", "UpdateItem"],
    // A callback about a purchase has the next look ask its supplier.
    restocks: ["GetItem", "UpdateItem"],
    failures: noteFailure,
    secrets: ["GetParameter"],
    taskTokens: ["SendTaskSuccess"],
  },

  // operator
  createProduct: {
    catalogTable: ["GetItem", "PutItem"],
    suppliers: ["GetItem"],
    requestNotes: ["PutItem"],
    auditTable: ["PutItem"],
  },
  createVersion: { catalogTable: ["GetItem", "PutItem"], suppliers: ["GetItem"], auditTable: ["PutItem"] },
  changeListing: { catalogTable: ["GetItem", "UpdateItem"], auditTable: ["PutItem"] },
  listAllProducts: { catalogTable: ["GetItem", "Query"] },
  setRestock: {
    catalogTable: read,
    suppliers: read,
    offers: read,
    restocks: ["GetItem", "PutItem"],
    auditTable: ["PutItem"],
  },
  showRestock: { restocks: ["GetItem"] },
  setRate: { rates: ["GetItem", "PutItem"], auditTable: ["PutItem"] },
  listRates: { rates: ["Query"] },
  requestSync: { suppliers: ["GetItem"], auditTable: ["PutItem"], syncQueue: ["SendMessage"] },
  showSync: { suppliers: ["GetItem"], offers: ["Query"] },
  createSupplier: {
    suppliers: ["PutItem"],
    auditTable: ["PutItem"],
    secrets: ["PutParameter"],
    recognitionKey: ["GenerateMac"],
  },
  createChannel: { identityTable: ["GetItem", "PutItem"], requestNotes: ["PutItem"], auditTable: ["PutItem"] },
  createKey: { identityTable: ["GetItem", "PutItem"], requestNotes: ["PutItem"], auditTable: ["PutItem"] },
  revokeKey: { identityTable: ["GetItem", "UpdateItem"], auditTable: ["PutItem"] },
  deposit: moveDeposits,
  setLanes: moveDeposits,
  importStock: {
    catalogTable: read,
    inventoryTable: moveStock,
    auditTable: ["PutItem"],
    codesKey: ["GenerateDataKey"],
    fingerprintKey: ["GenerateMac"],
  },
  countStock: { catalogTable: read, inventoryTable: readAll },
  verifyStock: { catalogTable: read, inventoryTable: readAll },
  createImport: {
    catalogTable: read,
    imports: ["PutItem"],
    requestNotes: ["PutItem"],
    auditTable: ["PutItem"],
    // The address that is given out can do what its maker may.
    uploads: ["PutObject"],
    // Who seals codes elsewhere is told the key of their tags.
    fingerprintKey: ["GenerateMac"],
  },
  generateCodes: {
    catalogTable: read,
    imports: ["PutItem"],
    requestNotes: ["PutItem"],
    auditTable: ["PutItem"],
    importQueue: ["SendMessage"],
  },
  startImport: {
    imports: ["GetItem", "UpdateItem"],
    auditTable: ["PutItem"],
    uploads: ["GetObject"],
    importQueue: ["SendMessage"],
  },
  showImport: { imports: ["GetItem"] },
  listRefusals: { imports: ["GetItem", "Query"] },
  cancelImport: {
    imports: ["GetItem", "UpdateItem"],
    auditTable: ["PutItem"],
    uploads: ["DeleteObject"],
    importQueue: ["SendMessage"],
  },
  listPools: { catalogTable: read, inventoryTable: readAll },
  createPool: { ...changeStock, identityTable: ["GetItem"], requestNotes: ["PutItem"] },
  changePool: changeStock,
  transferStock: changeStock,
  listBatches: { catalogTable: read, inventoryTable: readAll },
  closeBatch: changeStock,
  voidExpired: changeStock,
  findCode: { catalogTable: read, inventoryTable: read, auditTable: ["PutItem"], fingerprintKey: ["GenerateMac"] },
  voidCode: { ...changeStock, fingerprintKey: ["GenerateMac"] },
  restoreStock: {
    ordersTable: ["BatchGetItem"],
    catalogTable: ["Query"],
    inventoryTable: moveStock,
    auditTable: ["PutItem"],
    salesLog: ["GetObject"],
    salesLogNames: ["ListBucket"],
  },
  releaseWithheld: { catalogTable: read, inventoryTable: moveStock, auditTable: ["PutItem"] },
  inspectOrder: {
    ordersTable: ["GetItem"],
    ledgerTable: ["GetItem"],
    auditTable: ["Query"],
    executions: ["DescribeExecution"],
  },
  listReviews: {
    ordersTable: ["GetItem"],
    inReviewIndex: ["Query"],
    catalogTable: ["GetItem"],
    suppliers: ["GetItem"],
    settings: ["GetItem"],
  },
  getReview: { ordersTable: ["GetItem"], settings: ["GetItem"], auditTable: ["Query"] },
  decideReview,
  decideReviews: { ...decideReview, inReviewIndex: ["Query"] },
  listDeadLetters: { deadLetters: ["GetQueueUrl", "ReceiveMessage"], failures: ["GetItem"] },
  replayDeadLetters: {
    deadLetters: ["GetQueueUrl", "ReceiveMessage", "DeleteMessage"],
    deadLetterSources: ["GetQueueUrl", "SendMessage"],
    ordersTable: [...wake, "GetItem", "UpdateItem"],
    unfinishedIndex: ["Query"],
    ledgerTable: settleMoney,
    salesLog: ["PutObject"],
    failures: ["GetItem"],
    auditTable: ["PutItem"],
    watchQueue: ["SendMessage"],
    eventBus: ["PutEvents"],
  },
  getReviewSettings: { settings: ["GetItem"] },
  changeReviewSettings: { settings: ["GetItem", "PutItem"], auditTable: ["PutItem"] },

  // fulfilment
  planOrder: advanceOrder,
  placeLine: {
    ...storeGoods,
    ordersTable: ["GetItem", "UpdateItem"],
    catalogTable: ["GetItem"],
    ...readMarket,
    // A supplier's health stands beside it.
    suppliers: [...read, "UpdateItem"],
    personalKey: ["Decrypt"],
    secrets: ["GetParameter"],
    // A supplier that fell sick, or is well again.
    eventBus: ["PutEvents"],
  },
  askSupplier: {
    ...storeGoods,
    ordersTable: ["GetItem", "UpdateItem"],
    suppliers: ["GetItem"],
    secrets: ["GetParameter"],
  },
  awaitWakeUp: { ordersTable: ["GetItem", "PutItem", "DeleteItem"], taskTokens: ["SendTaskSuccess"] },
  noteFailedRun: { ordersTable: [...wake, "GetItem", "UpdateItem"] },

  // streams
  startFulfilment: {
    workflow: ["StartExecution"],
    ordersTable: beginWatch,
    watchQueue: ["SendMessage"],
    eventBus: ["PutEvents"],
    failures: noteFailure,
    deadLetters: setAside,
  },
  settleMoney: {
    ledgerTable: settleMoney,
    failures: noteFailure,
    salesLog: ["PutObject"],
    deadLetters: setAside,
  },

  // maintenance
  watchOrder: {
    ...advanceOrder,
    ordersTable: [...wake, "GetItem", "UpdateItem"],
    settings: ["GetItem"],
    failures: noteFailure,
    auditTable: ["PutItem"],
    taskTokens: ["SendTaskSuccess"],
    watchQueue: ["SendMessage"],
    workflow: ["StartExecution"],
    executions: ["DescribeExecution"],
  },
  runImport: {
    ...storeGoods,
    generationKey: ["GenerateMac"],
    inventoryTable: [...moveStock, "DeleteItem"],
    imports: ["GetItem", "Query", "PutItem", "UpdateItem", "ConditionCheckItem"],
    failures: noteFailure,
    uploads: ["GetObject", "DeleteObject"],
    importQueue: ["SendMessage"],
    eventBus: ["PutEvents"],
  },
  expireOrders: { ...advanceOrder, inReviewIndex: ["Query"] },
  sweepUploads: { imports: ["GetItem"], uploads: ["DeleteObject"], uploadNames: ["ListBucket"] },
  scheduleSyncs: { catalogTable: ["Query"], restocks: ["Query"], syncQueue: ["SendMessage"] },
  syncSupplier: {
    // Products whose every source is wrong are taken off sale.
    catalogTable: ["GetItem", "Query", "UpdateItem"],
    suppliers: [...read, "PutItem", "UpdateItem"],
    offers: [...readAll, "PutItem"],
    rates: ["Query"],
    failures: noteFailure,
    secrets: ["GetParameter"],
    eventBus: ["PutEvents"],
  },
  restock: {
    ...storeGoods,
    inventoryTable: moveStock,
    restocks: ["GetItem", "Query", "PutItem"],
    suppliers: read,
    offers: read,
    secrets: ["GetParameter"],
    eventBus: ["PutEvents"],
  },
  sweepStock: { inventoryTable: moveStock, catalogTable: ["Query"], eventBus: ["PutEvents"] },
  settleAccounts: {
    ordersTable: ["GetItem", ...beginWatch],
    ledgerTable: moveMoney,
    identityTable: ["Query"],
    watchQueue: ["SendMessage"],
  },
  careForOrders: { ordersTable: beginWatch, unfinishedIndex: ["Query"], watchQueue: ["SendMessage"] },
};

/** The functions that may do one thing with one resource. */
export function whoMay<R extends Resource>(resource: R, action: ActionOf<R>): FunctionName[] {
  return functionSpecs.map(({ name }) => name).filter((name) => grants[name][resource]?.includes(action as never));
}
