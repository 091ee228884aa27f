import { DeleteCommand, paginateScan } from "@aws-sdk/lib-dynamodb";
import { afterEach, expect, test, vi } from "vitest";
import type { Item, Key } from "../../../shared/aws/dynamo.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { NOTES } from "../../../shared/requests/table.ts";
import { codeProduct } from "../../support/orders/market.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { callFunction } from "../../support/scenes/operator-functions.ts";

// What functions note about the keys of their requests, when that goes, and what a repeat finds then.

const { deps } = await sceneGround();

afterEach(() => vi.unstubAllEnvs());
const DAY = 24 * 3600;
const price = { amount: 100, currency: "CNY" };

async function notes(): Promise<(Item & Key)[]> {
  const { db, tables } = deps;
  const found: (Item & Key)[] = [];
  for await (const { Items = [] } of paginateScan({ client: db }, { TableName: tables.operations }))
    found.push(...(Items as (Item & Key)[]).filter(({ pk }) => pk.startsWith(NOTES)));
  return found;
}

/** As the table does when their time is over. */
async function forgetAll(): Promise<void> {
  const { db, tables } = deps;
  for (const { pk, sk } of await notes())
    await db.send(new DeleteCommand({ TableName: tables.operations, Key: { pk, sk } }));
}

/** In how many days the notes of a call will go. */
async function daysOf(call: () => Promise<unknown>): Promise<number[]> {
  await forgetAll();
  await call();
  const now = Date.now() / 1000;
  return (await notes()).map(({ expiresAtEpoch }) => Math.round((Number(expiresAtEpoch) - now) / DAY));
}

test.each([
  ["createProduct", { kind: "code", name: "One", price }, { kind: "code", name: "Other", price }],
  ["createChannel", { name: "One" }, { name: "Other" }],
  ["createKey", { scopes: ["orders:read"] }, { scopes: ["codes:reveal"] }],
  ["createVersion", { base: 1, change: { name: "One" } }, { base: 1, change: { name: "Other" } }],
])(
  "a repeat of %s that comes after its note still finds what was made, and another request is refused",
  async (...scene) => {
    const [name, json, other] = scene;
    const key = newId("evt");
    const channel = await callFunction(deps, "createChannel", { json: { name: "C" } });
    const params = {
      createKey: { channelId: channel.body.id as string },
      createVersion: { productId: await codeProduct(deps) },
    }[name];
    const call = (asked: object) => callFunction(deps, name, { params: params ?? {}, json: asked, key });
    const made = await call(json);
    await forgetAll();
    const repeated = await call(json);
    expect([repeated.body.id, repeated.body.keyId ?? made.body.keyId]).toEqual([made.body.id, made.body.keyId]);
    expect(repeated.body).not.toHaveProperty("apiKey");
    await forgetAll();
    expect(await call(other)).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } });
  },
);

test("a note of a request that was done goes after forty days, that of a refused one after a day", async () => {
  const productId = await codeProduct(deps);
  const json = { owner: { kind: "campaign", subject: "spring" }, whenEmpty: "stop" };
  expect(await daysOf(() => callFunction(deps, "createPool", { params: { productId }, json }))).toEqual([40]);
  const nobody = { params: { channelId: newId("chan") }, json: { scopes: ["orders:read"] } };
  expect(await daysOf(() => callFunction(deps, "createKey", nobody))).toEqual([1]);
});
