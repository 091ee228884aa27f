import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, expect, test, vi } from "vitest";
import { recorded } from "../../../shared/audit/records.ts";
import { type AuditEntry, putEntry, RecordTaken, trailOf } from "../../../shared/audit/table.ts";
import { planChange } from "../../../shared/catalog/change.ts";
import { createVersion } from "../../../shared/catalog/products.ts";
import { createChannel } from "../../../shared/channels/keys.ts";
import { listBatches } from "../../../shared/inventory/batches.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { ok, type ProblemCode, refuse } from "../../../shared/kernel/problem.ts";
import { deposit } from "../../../shared/ledger/deposits.ts";
import { codeProduct } from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { callFunction } from "../../support/scenes/operator-functions.ts";
import { valueOf } from "../../support/value-of.ts";

// What the audit trail says of an act that was put on record and then did not go through.

const { deps } = await sceneGround();

type Scene = {
  name: string;
  asks: (ids: Ids) => Parameters<typeof callFunction>[2];
  subject: "productId" | "channelId";
  action: string;
  refused: ProblemCode;
};
type Ids = { productId: string; batchId: string; channelId: string };

/** Calls that are on record already when they turn out to be impossible. */
const scenes: readonly Scene[] = [
  {
    name: "setLanes",
    asks: ({ channelId }) => ({ params: { channelId }, json: { currency: "CNY", lanes: 2 } }),
    subject: "channelId",
    action: "lanes_set",
    refused: "invalid_request",
  },
  {
    name: "closeBatch",
    asks: ({ productId, batchId }) => ({ params: { productId, batchId }, json: { state: "open" } }),
    subject: "productId",
    action: "batch_open",
    refused: "batch_void",
  },
  {
    name: "transferStock",
    asks: ({ productId }) => ({ params: { productId }, json: { from: "total", to: "total", quantity: 1 } }),
    subject: "productId",
    action: "stock_transferred",
    refused: "invalid_request",
  },
  {
    name: "deposit",
    asks: ({ channelId }) => ({
      params: { channelId },
      json: { money: { amount: 7, currency: "CNY" }, reference: "bank-1" },
    }),
    subject: "channelId",
    action: "deposit bank-1",
    refused: "idempotency_key_reused",
  },
];

afterEach(() => vi.unstubAllEnvs());

const entryOf = (subject: string, requestId: string): AuditEntry => ({
  subject,
  at: new Date().toISOString(),
  action: "tried",
  by: "anna",
  requestId,
  before: { price: 1 },
  after: { price: 2 },
});

/** A void batch, and a channel whose account has eight lanes and one deposit. */
async function stage(): Promise<Ids> {
  const productId = await codeProduct(deps);
  const csv = `secret\n${makeCodes(2).join("\n")}\n`;
  await importCodes(deps, productId, csv, { dryRun: false });
  const batchId = (await listBatches(deps, productId, undefined)).batches[0]?.batchId ?? "";
  const { id: channelId } = valueOf(await createChannel(deps, { name: "C" }, productId, new Date()));
  await deposit(deps, channelId, { amount: 5, currency: "CNY" }, "bank-1", new Date());
  await callFunction(deps, "setLanes", { params: { channelId }, json: { currency: "CNY", lanes: 8 } });
  await callFunction(deps, "closeBatch", { params: { productId, batchId }, json: { state: "void" } });
  return { productId, batchId, channelId };
}

test.each(scenes)("a call of $name that is refused says so", async ({ name, asks, subject, action, refused }) => {
  const ids = await stage();
  const { body } = await callFunction(deps, name, asks(ids));
  expect(body).toMatchObject({ code: refused });
  const trail = await trailOf(deps, ids[subject]);
  expect([action, trail.at(-1)?.action, trail.at(-1)?.refused]).toEqual([action, action, refused]);
  const others = trail.slice(0, -1);
  expect(others.length).toBeGreaterThan(0);
  for (const done of others) expect(done).not.toHaveProperty("refused");
});

test("of two changes of a product at once, the record of the one that was too late says so", async () => {
  const productId = await codeProduct(deps);
  const change = async (key: string, holdSeconds: number) => {
    const planned = valueOf(await planChange(deps, productId, { base: 1, change: { holdSeconds } }, key));
    if (planned.kind === "same") throw new Error("there is nothing to change");
    return () => createVersion(deps, productId, planned.next, key, 1);
  };
  const [first, second] = [await change("a", 60), await change("b", 90)];
  expect(await recorded(deps, entryOf(productId, "1"), first)).toMatchObject({ ok: true });
  expect(await recorded(deps, entryOf(productId, "2"), second)).toMatchObject({ code: "changed_meanwhile" });
  const trail = (await trailOf(deps, productId)).map(({ requestId, refused }) => [requestId, refused]);
  expect(trail).toEqual([
    ["1", undefined],
    ["2", "changed_meanwhile"],
  ]);
});

test("what fails on our side may be done in part: it is not called refused", async () => {
  const busy = async () => refuse("busy", "later");
  expect(await recorded(deps, entryOf("part", "1"), busy)).toMatchObject({ code: "busy" });
  const dies = () => Promise.reject(new RangeError("of our own"));
  await expect(recorded(deps, entryOf("part", "2"), dies)).rejects.toThrow(RangeError);
  expect(await trailOf(deps, "part")).toMatchObject([
    { requestId: "1", unfinished: "busy", before: { price: 1 }, after: { price: 2 } },
    { requestId: "2", unfinished: "internal" },
  ]);
});

test("two records of one request at one instant both stand", async () => {
  const entry = entryOf("twice", "1");
  const done = async () => ok(undefined);
  await recorded(deps, { ...entry, action: "first" }, done);
  await recorded(deps, { ...entry, action: "second" }, async () => refuse("busy", "later"));
  const trail = (await trailOf(deps, "twice")).map(({ action, unfinished }) => [action, unfinished] as const);
  expect(new Map(trail)).toEqual(
    new Map([
      ["first", undefined],
      ["second", "busy"],
    ]),
  );
});

test("a record that stands is never overwritten: its repeat finds it, another one under its id is an error", async () => {
  const entry = { ...entryOf("once", "1"), id: "evt_1" };
  await putEntry(deps, entry);
  await putEntry(deps, { ...entry });
  await expect(putEntry(deps, { ...entry, by: "somebody else" })).rejects.toThrow(RecordTaken);
  expect(await trailOf(deps, "once")).toMatchObject([{ by: "anna", before: { price: 1 } }]);
});

test("records of earlier versions, which have no id of their own, are read with their outcomes", async () => {
  const { subject, at, requestId, ...said } = entryOf("earlier", "1");
  const sk = `${at}#${requestId}`;
  for (const item of [{ sk }, { sk: `${sk}#outcome`, refused: "busy" }])
    await deps.db.send(
      new PutCommand({ TableName: deps.tables.audit, Item: { pk: subject, subject, at, requestId, ...said, ...item } }),
    );
  expect(await trailOf(deps, subject)).toMatchObject([{ by: "anna", refused: "busy" }]);
});
