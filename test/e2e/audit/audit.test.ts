import { afterAll, describe, expect, test } from "vitest";
import { operations } from "../../../functions/operator/operations.ts";
import { type AuditRecord, trailOf } from "../../../shared/audit/table.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { CODE_MARK, makeCodes } from "../../support/inventory/codes.ts";
import { disputeScenes } from "../../support/ops/dispute-scenes.ts";
import { keyScenes } from "../../support/ops/key-scenes.ts";
import { messageScenes } from "../../support/ops/message-scenes.ts";
import { paymentScenes } from "../../support/ops/payment-scenes.ts";
import {
  anImport,
  aPool,
  aSupplier,
  CREDENTIAL,
  inReview,
  newPaymentProvider,
  newSupplier,
  post,
  stocked,
} from "../../support/ops/subjects.ts";
import { channelOf, type Says, type Scene, told, webhookScenes } from "../../support/ops/webhook-scenes.ts";
import { type Json, openShop, operate, order, stockProduct } from "../../support/orders/shop.ts";
import { closeSuppliers } from "../../support/suppliers/supplier-shop.ts";

// Every call of an operator that may change something: its record says what was before and is after, or what was made, by name.

const stack = deployedStack();
const price = { amount: 1500, currency: "CNY" };

/** Calls that concern what all tests share, or that take several people; the tests named here look at their records. */
const elsewhere = {
  changeReviewSettings: "test/e2e/review/reviews.test.ts",
  restoreStock: "test/restore/restore.test.ts",
  reverseDeposit: "test/e2e/payments/deposits.test.ts",
} as const;
type Operations = typeof operations;
/** An operation that is added must be told here, or this does not compile. */
type Changing = Exclude<
  { [Name in keyof Operations]: Operations[Name]["method"] extends "GET" ? never : Name }[keyof Operations],
  keyof typeof elsewhere
>;
const anything = expect.anything() as string;
const copying = { path: "/admin/v1/table-migrations", json: { mode: "copy" }, subject: "tables" };
const scenes: Record<Changing, () => Promise<Scene>> = {
  replayEvents: async () => ({
    path: "/admin/v1/events/replays",
    json: { consumer: "archive-events", ...told },
    subject: "archive-events",
    says: { action: "events_replayed", what: told },
  }),
  migrateTables: async () => ({ ...copying, says: { action: "tables_migrated", what: copying.json } }),
  ...webhookScenes,
  ...(await disputeScenes()),
  ...paymentScenes,
  ...messageScenes,
  ...keyScenes,
  createProduct: async () => ({
    path: "/admin/v1/products",
    json: { kind: "code", name: "Music", price, limits: { perBuyer: { quantity: 2, per: "day" } } },
    subject: ({ id }) => id,
    says: {
      action: "product_created",
      what: { kind: "code", name: "Music", "price.amount": 1500, "limits.perBuyer.per": "day" },
    },
  }),
  createVersion: async () => {
    const { subject, at } = await stocked();
    const change = { price: { amount: 1600 }, holdSeconds: 60 };
    return {
      path: `${at}/versions`,
      json: { base: 1, change },
      subject,
      says: {
        action: "product_version_2",
        before: { "price.amount": 1500 },
        after: { "price.amount": 1600, holdSeconds: 60 },
      },
    };
  },
  changeListing: async () => {
    const { subject, at } = await stocked();
    const says = { action: "product_paused", before: { listing: "listed" }, after: { listing: "paused" } };
    return { path: `${at}/listing`, json: { listing: "paused" }, subject, says };
  },
  setRestock: async () => {
    const [{ subject, at }, supplierId] = await Promise.all([stocked(), aSupplier()]);
    const rule = { below: 5, quantity: 2, supplierId, supplierProductId: "x" };
    await post(`${at}/restock`, { ...rule, maxCost: price, dailyBudget: { ...price, amount: 9000 } });
    const says = {
      action: "restock_set",
      before: { below: 5, "maxCost.amount": 1500 },
      after: { below: 4, "maxCost.amount": 1400 },
    };
    return { path: `${at}/restock`, json: { below: 4, maxCost: { ...price, amount: 1400 } }, subject, says };
  },
  setRate: async () => {
    const pair = { from: "ISK", to: "UYU" };
    await post("/admin/v1/rates", { ...pair, rate: "0.3" });
    const says = { action: "rate_set", what: pair, before: { rate: "0.3" }, after: { rate: "0.31" } };
    return { path: "/admin/v1/rates", json: { ...pair, rate: "0.31" }, subject: "rates", says };
  },
  createSupplier: async () => ({
    path: "/admin/v1/suppliers",
    json: newSupplier,
    subject: ({ id }) => id,
    says: ({ timeoutMs }) => ({
      action: "supplier_created",
      what: { name: "Phone co", protocol: "vouchsafe", baseUrl: "http://127.0.0.1:9", timeoutMs },
    }),
  }),
  requestSync: async () => {
    const subject = await aSupplier();
    const says = { action: "sync_requested", what: { name: "Phone co", protocol: "vouchsafe" } };
    return { path: `/admin/v1/suppliers/${subject}/syncs`, subject, says };
  },
  setPaymentProvider: async () => {
    const name = "nobody-set";
    await post("/admin/v1/payment-providers", { ...newPaymentProvider, name, fees: ["1%"], timeoutMs: 4_000 });
    return {
      path: "/admin/v1/payment-providers",
      json: { name, timeoutMs: 5_000, fees: null, credentials: newPaymentProvider.credentials },
      subject: name,
      says: {
        action: "payment_provider_set",
        before: { timeoutMs: 4_000, fees: '["1%"]' },
        after: { timeoutMs: 5_000, credentials: "replaced" },
      },
    };
  },
  createChannel: async () => ({
    path: "/admin/v1/channels",
    json: { name: "One" },
    subject: ({ id }) => id,
    says: ({ keyId }) => ({ action: "channel_created", what: { name: "One", keyId } }),
  }),
  eraseOrderContact: async () => {
    const [shop, { productId }] = await Promise.all([openShop(5000), stockProduct(stack, 1)]);
    const more = { contact: { email: "anna@example.com" } };
    const { id: subject } = (await order(shop, [{ productId, quantity: 1 }], undefined, more)).body;
    const says = { action: "contact_erased", what: { channelId: shop.channelId, hadContact: true } };
    return { path: `/admin/v1/orders/${subject}/contact`, subject, says };
  },
  rotateLink: async () => {
    const [shop, { productId }] = await Promise.all([openShop(5000), stockProduct(stack, 1)]);
    const { id: subject } = (await order(shop, [{ productId, quantity: 1 }])).body;
    const says = { action: "link_rotated", before: { link: 1 }, after: { link: 2 } };
    return { path: `/admin/v1/orders/${subject}/delivery-links`, subject, says };
  },
  deposit: async () => {
    const subject = await channelOf();
    const says = { action: "deposit bank-1", what: { reference: "bank-1", ...price } };
    const path = `/admin/v1/channels/${subject}/deposits`;
    return { path, json: { money: price, reference: "bank-1" }, subject, says };
  },
  setReturnHosts: async () => {
    const subject = await channelOf();
    const hosts = ["shop.example.com", "127.0.0.1:8080"];
    const says = { action: "return_hosts_set", what: {}, before: { hosts: "" }, after: { hosts: hosts.join(" ") } };
    return { path: `/admin/v1/channels/${subject}/return-hosts`, json: { hosts }, subject, says };
  },
  setUnpaidLimit: async () => {
    const subject = await channelOf();
    const says = { action: "unpaid_limit_set", what: {}, before: { limit: 1000 }, after: { limit: "none" } };
    return { path: `/admin/v1/channels/${subject}/unpaid-limit`, json: { limit: null }, subject, says };
  },
  setLanes: async () => {
    const subject = await channelOf();
    const says = { action: "lanes_set", what: { currency: "CNY" }, before: { lanes: 1 }, after: { lanes: 2 } };
    return { path: `/admin/v1/channels/${subject}/lanes`, json: { currency: "CNY", lanes: 2 }, subject, says };
  },
  importStock: async () => {
    const { subject, at } = await stocked();
    const csv = `secret\n${makeCodes(1).join("")}\n`;
    const says = { action: "stock_imported", what: { bytes: csv.length } };
    return { path: `${at}/stock-imports`, csv, subject, says };
  },
  createImport: async () => {
    const { subject, at } = await stocked();
    const says = ({ importId, batchId }: Json): Says => ({
      action: "import_created",
      what: { importId, batchId, dryRun: true },
    });
    return { path: `${at}/imports`, json: { dryRun: true }, subject, says };
  },
  generateCodes: async () => {
    const { subject, at } = await stocked();
    const says = { action: "codes_generated", what: { count: 3 } };
    return { path: `${at}/generations`, json: { count: 3 }, subject, says };
  },
  startImport: async () => {
    const { subject, at, what } = await anImport();
    const says = { action: "import_started", what, before: { state: "awaiting_file" }, after: { state: "running" } };
    return { path: `${at}/start`, subject, says };
  },
  cancelImport: async () => {
    const { subject, at, what } = await anImport();
    const moves = { before: { state: "awaiting_file" }, after: { state: "cancelled" } };
    return { path: `${at}/cancel`, subject, says: { action: "import_cancelled", what, ...moves } };
  },
  createPool: async () => {
    const { subject, at } = await stocked();
    const owner = { kind: "campaign", subject: "spring" };
    const says = ({ name }: Json): Says => ({
      action: "pool_created",
      what: { pool: name, ...owner },
      before: {},
      after: { whenEmpty: "stop" },
    });
    return { path: `${at}/pools`, json: { owner, whenEmpty: "stop" }, subject, says };
  },
  changePool: async () => {
    const { subject, at } = await stocked();
    const changes = { what: { pool: "total" }, before: { frozen: false }, after: { frozen: true } };
    return { path: `${at}/pools/total`, json: { frozen: true }, subject, says: { action: "pool_changed", ...changes } };
  },
  transferStock: async () => {
    const { subject, at, pool } = await aPool();
    const move = { from: "total", to: pool, quantity: 2 };
    return { path: `${at}/transfers`, json: move, subject, says: { action: "stock_transferred", what: move } };
  },
  closeBatch: async () => {
    const { subject, at } = await stocked();
    const { data } = await operate(stack, { method: "GET", path: `${at}/batches` });
    const { batchId } = data[0];
    const changes = { what: { batchId }, before: { state: "open", left: 3 }, after: { state: "frozen" } };
    const says = { action: "batch_frozen", ...changes };
    return { path: `${at}/batches/${batchId}/state`, json: { state: "frozen" }, subject, says };
  },
  voidExpired: async () => {
    const { subject, at } = await stocked();
    return { path: `${at}/void-expired`, subject, says: { action: "expired_voided", what: { expiredBy: anything } } };
  },
  findCode: async () => {
    const { subject, at, secret } = await stocked();
    const says = ({ codeId }: Json): Says => ({ action: "code_looked_up", what: { codeId } });
    return { path: `${at}/codes/searches`, json: { secret }, subject, says };
  },
  voidCode: async () => {
    const { subject, at, secret } = await stocked();
    const moves = { before: { state: "available" }, after: { state: "void" } };
    const says = ({ codeId }: Json): Says => ({ action: "code_voided", what: { codeId }, ...moves });
    return { path: `${at}/codes/voids`, json: { secret }, subject, says };
  },
  releaseWithheld: async () => {
    const { subject, at } = await stocked();
    const says = { action: "withheld_released", what: { from: "the first" } };
    return { path: `${at}/withheld-codes/releases`, subject, says };
  },
  replayDeadLetters: async () => ({
    path: "/admin/v1/dead-letters/note-failed-run/replays",
    json: { max: 1 },
    subject: "note-failed-run",
    says: { action: "dead_letters_replayed", what: { max: 1 } },
  }),
  decideReview: async () => {
    const { subject } = await inReview();
    const decision = { action: "refund", lines: ["1"] };
    const what = { action: "refund", lines: '["1"]', evenIfUnresolved: false };
    const says = { action: "review_refund", what, before: { state: "review" } };
    return { path: `/admin/v1/reviews/${subject}/decisions`, json: { ...decision, reason: "r" }, subject, says };
  },
  decideReviews: async () => {
    const { subject, supplierId } = await inReview();
    const json = { action: "note", reason: "r", filter: { supplierId } };
    const says = { action: "review_note", what: { action: "note" }, before: { state: "review" } };
    return { path: "/admin/v1/reviews/decisions", json, subject, says };
  },
};

/** Does a record tell more than a verb: both sides of a change, or what was made, moved or asked for? */
const tellsWhat = ({ what = {}, before, after = {} }: AuditRecord): boolean =>
  (before !== undefined && Object.keys(after).length > 0) || Object.keys(what).length > 0;

const changing = Object.entries(operations).filter(([, { method }]) => method !== "GET");

afterAll(closeSuppliers);

test("every call that may change something is here, and no other", () => {
  const told = [...Object.keys(scenes), ...Object.keys(elsewhere)];
  expect(told.toSorted()).toEqual(changing.map(([name]) => name).toSorted());
});

describe.concurrent.each(Object.keys(scenes) as Changing[])("the record of %s", (name) => {
  test("says what was before and is after, or what was made, and no secret", async () => {
    const { path, subject, says, ...call } = await scenes[name]();
    const made = await operate(stack, { method: operations[name].method, path, ...call });
    const trail = await trailOf(domain(), typeof subject === "string" ? subject : subject(made));
    const expected = typeof says === "function" ? says(made) : says;
    const records = trail.filter(({ action }) => action === expected.action);
    const verbsOnly = records.filter((record) => !tellsWhat(record));
    expect([name, records.length > 0, verbsOnly]).toEqual([name, true, []]);
    expect(records.at(-1)).toMatchObject(expected);
    for (const mark of ["refused", "unfinished"]) expect(records.at(-1)).not.toHaveProperty(mark);
    for (const secret of [CODE_MARK, CREDENTIAL]) expect(JSON.stringify(trail)).not.toContain(secret);
  });
});
