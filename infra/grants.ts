import { type FunctionName, functionSpecs } from "./functions.ts";
import {
  advanceOrder,
  beginWatch,
  changePlatform,
  changeStock,
  decideReview,
  handOver,
  moveDeposits,
  moveMoney,
  moveStock,
  noteFailure,
  read,
  readAll,
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
    platformTable: readAll,
    auditTable: ["PutItem"],
    codesKey: ["Decrypt"],
    personalKey: ["GenerateDataKey"],
    recognitionKey: ["GenerateMac"],
  },
  getOrder: { ordersTable: ["GetItem"], platformTable: read },
  listOrders: { ordersTable: ["GetItem"], byChannelIndex: ["Query"], platformTable: read },
  getDeliverables: handOver,
  // The link that it gives out can do what its maker may.
  exportDeliverables: { ...handOver, requestNotes: ["PutItem"], goodsFiles: ["GetObject", "PutObject"] },
  cancelOrder: { ...advanceOrder, platformTable: read },
  payOrder: { ...advanceOrder, platformTable: read },
  listProducts: { platformTable: readAll, inventoryTable: read },
  getProduct: { platformTable: readAll, inventoryTable: read },
  getAccount: { platformTable: read, ledgerTable: ["GetItem", "Query"] },
  getOpenapi: {},
  notFound: {},

  // supplier
  receiveCallback: {
    ordersTable: ["GetItem"],
    platformTable: ["GetItem", "PutItem", "UpdateItem"],
    personalKey: ["GenerateDataKey"],
    callbackQueue: ["SendMessage"],
    secrets: ["GetParameter"],
  },
  processCallback: {
    ...storeGoods,
    syncQueue: ["SendMessage"],
    ordersTable: [...wake, "GetItem", "UpdateItem"],
    platformTable: ["GetItem", "PutItem", "UpdateItem"],
    secrets: ["GetParameter"],
    taskTokens: ["SendTaskSuccess"],
  },

  // operator
  createProduct: changePlatform,
  createVersion: changePlatform,
  changeListing: changePlatform,
  listAllProducts: { platformTable: ["GetItem", "Query"] },
  setRestock: { platformTable: [...read, "PutItem"], auditTable: ["PutItem"] },
  showRestock: { platformTable: ["GetItem"] },
  setRate: changePlatform,
  listRates: { platformTable: ["Query"] },
  requestSync: { platformTable: ["GetItem"], auditTable: ["PutItem"], syncQueue: ["SendMessage"] },
  showSync: { platformTable: ["GetItem", "Query"] },
  createSupplier: { ...changePlatform, secrets: ["PutParameter"], recognitionKey: ["GenerateMac"] },
  createChannel: changePlatform,
  createKey: changePlatform,
  revokeKey: changePlatform,
  deposit: moveDeposits,
  setLanes: moveDeposits,
  importStock: {
    platformTable: read,
    inventoryTable: moveStock,
    auditTable: ["PutItem"],
    codesKey: ["GenerateDataKey"],
    fingerprintKey: ["GenerateMac"],
  },
  countStock: { platformTable: read, inventoryTable: readAll },
  verifyStock: { platformTable: read, inventoryTable: readAll },
  createImport: {
    platformTable: [...read, "PutItem"],
    auditTable: ["PutItem"],
    // The address that is given out can do what its maker may.
    uploads: ["PutObject"],
    // Who seals codes elsewhere is told the key of their tags.
    fingerprintKey: ["GenerateMac"],
  },
  generateCodes: {
    platformTable: [...read, "PutItem"],
    auditTable: ["PutItem"],
    importQueue: ["SendMessage"],
  },
  startImport: {
    platformTable: ["GetItem", "UpdateItem"],
    auditTable: ["PutItem"],
    uploads: ["GetObject"],
    importQueue: ["SendMessage"],
  },
  showImport: { platformTable: ["GetItem"] },
  listRefusals: { platformTable: ["GetItem", "Query"] },
  cancelImport: {
    platformTable: ["GetItem", "UpdateItem"],
    auditTable: ["PutItem"],
    uploads: ["DeleteObject"],
    importQueue: ["SendMessage"],
  },
  listPools: { platformTable: read, inventoryTable: readAll },
  createPool: { ...changeStock, requestNotes: ["PutItem"] },
  changePool: changeStock,
  transferStock: changeStock,
  listBatches: { platformTable: read, inventoryTable: readAll },
  closeBatch: changeStock,
  voidExpired: changeStock,
  findCode: { platformTable: read, inventoryTable: read, auditTable: ["PutItem"], fingerprintKey: ["GenerateMac"] },
  voidCode: { ...changeStock, fingerprintKey: ["GenerateMac"] },
  restoreStock: {
    ordersTable: ["BatchGetItem"],
    platformTable: readAll,
    inventoryTable: moveStock,
    auditTable: ["PutItem"],
    salesLog: ["GetObject"],
    salesLogNames: ["ListBucket"],
  },
  releaseWithheld: { platformTable: read, inventoryTable: moveStock, auditTable: ["PutItem"] },
  inspectOrder: {
    ordersTable: ["GetItem"],
    ledgerTable: ["GetItem"],
    auditTable: ["Query"],
    executions: ["DescribeExecution"],
  },
  listReviews: { ordersTable: ["GetItem"], inReviewIndex: ["Query"], platformTable: ["GetItem"] },
  getReview: { ordersTable: ["GetItem"], platformTable: ["GetItem"], auditTable: ["Query"] },
  decideReview,
  decideReviews: { ...decideReview, inReviewIndex: ["Query"] },
  listDeadLetters: { deadLetters: ["GetQueueUrl", "ReceiveMessage"], platformTable: ["GetItem"] },
  replayDeadLetters: {
    deadLetters: ["GetQueueUrl", "ReceiveMessage", "DeleteMessage"],
    deadLetterSources: ["GetQueueUrl", "SendMessage"],
    ordersTable: [...wake, "GetItem", "UpdateItem"],
    unfinishedIndex: ["Query"],
    ledgerTable: settleMoney,
    salesLog: ["PutObject"],
    platformTable: ["GetItem"],
    auditTable: ["PutItem"],
    watchQueue: ["SendMessage"],
    eventBus: ["PutEvents"],
  },
  getReviewSettings: { platformTable: ["GetItem"] },
  changeReviewSettings: { platformTable: ["GetItem", "PutItem"], auditTable: ["PutItem"] },

  // fulfilment
  planOrder: advanceOrder,
  placeLine: {
    ...storeGoods,
    ordersTable: ["GetItem", "UpdateItem"],
    // The health of suppliers is an item of this table too.
    platformTable: [...readAll, "UpdateItem"],
    personalKey: ["Decrypt"],
    secrets: ["GetParameter"],
    // A supplier that fell sick, or is well again.
    eventBus: ["PutEvents"],
  },
  askSupplier: {
    ...storeGoods,
    ordersTable: ["GetItem", "UpdateItem"],
    platformTable: read,
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
    platformTable: noteFailure,
    deadLetters: setAside,
  },
  settleMoney: {
    ledgerTable: settleMoney,
    platformTable: noteFailure,
    salesLog: ["PutObject"],
    deadLetters: setAside,
  },

  // maintenance
  watchOrder: {
    ...advanceOrder,
    ordersTable: [...wake, "GetItem", "UpdateItem"],
    platformTable: ["GetItem", ...noteFailure],
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
    platformTable: ["GetItem", "Query", "PutItem", "UpdateItem", "ConditionCheckItem"],
    uploads: ["GetObject", "DeleteObject"],
    importQueue: ["SendMessage"],
    eventBus: ["PutEvents"],
  },
  expireOrders: { ...advanceOrder, inReviewIndex: ["Query"] },
  sweepUploads: { platformTable: ["GetItem"], uploads: ["DeleteObject"], uploadNames: ["ListBucket"] },
  scheduleSyncs: { platformTable: ["Query"], syncQueue: ["SendMessage"] },
  syncSupplier: {
    platformTable: [...readAll, "PutItem", "UpdateItem"],
    secrets: ["GetParameter"],
    eventBus: ["PutEvents"],
  },
  restock: {
    ...storeGoods,
    inventoryTable: moveStock,
    platformTable: [...readAll, "PutItem"],
    secrets: ["GetParameter"],
    eventBus: ["PutEvents"],
  },
  sweepStock: { inventoryTable: moveStock, platformTable: ["Query"], eventBus: ["PutEvents"] },
  settleAccounts: {
    ordersTable: ["GetItem", ...beginWatch],
    ledgerTable: moveMoney,
    platformTable: ["Query"],
    watchQueue: ["SendMessage"],
  },
  careForOrders: { ordersTable: beginWatch, unfinishedIndex: ["Query"], watchQueue: ["SendMessage"] },
};

/** The functions that may do one thing with one resource. */
export function whoMay<R extends Resource>(resource: R, action: ActionOf<R>): FunctionName[] {
  return functionSpecs.map(({ name }) => name).filter((name) => grants[name][resource]?.includes(action as never));
}
