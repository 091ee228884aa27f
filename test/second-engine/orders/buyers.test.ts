import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { newId } from "../../../shared/kernel/ids.ts";
import { buyerOf } from "../../../shared/limits/model.ts";
import { advance } from "../../../shared/orders/advance.ts";
import { CONTACT_CONTEXT, contactBinding } from "../../../shared/orders/contact.ts";
import { eraseContact } from "../../../shared/orders/erase-contact.ts";
import { listOrders } from "../../../shared/orders/list.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { BY_BUYER, buyerShards, orderIdFor, orderKey, putOrder, readOrder } from "../../../shared/orders/table.ts";
import { unseal, unwrap } from "../../../shared/secrecy/envelope.ts";
import { openMarket } from "../../support/orders/market.ts";
import { codeLine, orderOf } from "../../support/orders/order-fixtures.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

const { deps } = await sceneGround();

const CONTACT = { email: "anna@example.com", phone: "+8613800138000", locale: "zh-Hans-CN" };
const market = await openMarket(deps, { stock: 20, money: 10_000 });
const requestOf = (more: Partial<NewOrder>): NewOrder => ({
  lines: [{ productId: market.productId, quantity: 1 }],
  payment: { method: "balance" },
  ...more,
});
const place = async (key: string, more: Partial<NewOrder>) =>
  valueOf(await placeOrder(deps, market.channelId, key, requestOf(more), {}));
const hashOf = async (buyer: string, channelId = market.channelId): Promise<string> =>
  buyerOf(await deps.recognise(), channelId, buyer)?.name ?? "";
const itemOf = async (id: string) =>
  (await deps.db.send(new GetCommand({ TableName: deps.tables.orders, Key: orderKey(id) }))).Item ?? {};

test("a buyer's orders are listed newest first, and nobody else's: not another buyer's, nor another channel's of that name", async () => {
  const mine = [];
  for (const key of ["1", "2", "3"]) mine.push((await place(`mine ${key}`, { buyer: "anna" })).id);
  await place("theirs", { buyer: "ben" });
  await place("nobody's", {});
  const other = await openMarket(deps, { stock: 1, money: 1000 });
  const lines = [{ productId: other.productId, quantity: 1 }];
  await placeOrder(deps, other.channelId, "k", requestOf({ lines, buyer: "anna" }), {});
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await listOrders(deps, { buyer: await hashOf("anna") }, 2, after);
    seen.push(...page.orders.map(({ id }) => id));
    after = page.next ?? undefined;
  } while (after !== undefined);
  expect(seen).toEqual(mine.toReversed());
  const theirs = await listOrders(deps, { buyer: await hashOf("anna", other.channelId) }, 10);
  expect(theirs.orders.map(({ channelId }) => channelId)).toEqual([other.channelId]);
});

test("the index of buyers is written once, spread over shards, and holds nothing but keys", async () => {
  const buyer = await hashOf("crowd");
  const ids = Array.from({ length: 40 }, () => newId("ord"));
  const placedAt = "2026-03-01T12:00:00.000Z";
  for (const id of ids) await putOrder(deps, orderOf("open", [codeLine("open")], { id, buyer, placedAt }));
  const shards = await Promise.all(
    buyerShards(buyer).map(async (shard) => {
      const found = await deps.db.send(
        new QueryCommand({
          TableName: deps.tables.orders,
          IndexName: BY_BUYER,
          KeyConditionExpression: "buyerShard = :shard",
          ExpressionAttributeValues: { ":shard": shard },
        }),
      );
      return found.Items ?? [];
    }),
  );
  expect(shards.flat()).toHaveLength(ids.length);
  expect(shards.filter((items) => items.length > 0).length).toBeGreaterThan(4);
  for (const item of shards.flat()) expect(Object.keys(item).toSorted()).toEqual(["buyerShard", "listKey", "pk", "sk"]);
});

test("a contact lies sealed field by field: each opens for its order and its field alone, and nothing of it is in the clear", async () => {
  const { id } = await place("sealed", { buyer: "Anna Lee", contact: CONTACT });
  const { contact } = (await readOrder(deps, id)) ?? {};
  if (contact === undefined) throw new Error("no contact");
  const wrapping = { kms: deps.kms, keyId: deps.personalKey, context: CONTACT_CONTEXT };
  const key = await unwrap(wrapping, contact.dataKey);
  const { email, phone, locale } = contact.fields;
  if (email === undefined || phone === undefined || locale === undefined) throw new Error("a field is missing");
  expect([
    unseal(key, email, contactBinding(id, "email")),
    unseal(key, phone, contactBinding(id, "phone")),
    unseal(key, locale, contactBinding(id, "locale")),
  ]).toEqual(Object.values(CONTACT));
  expect(() => unseal(key, email, contactBinding(id, "phone"))).toThrow("authenticate");
  expect(() => unseal(key, email, contactBinding(`${id}x`, "email"))).toThrow("authenticate");
  const item = await itemOf(id);
  const bytes = Buffer.concat([Buffer.from(JSON.stringify(item)), ...Object.values(contact.fields)]).toString("latin1");
  for (const said of [...Object.values(CONTACT), "anna", "Anna Lee"]) expect(bytes).not.toContain(said);
});

test("the same key with another buyer or another contact is another request, and is refused", async () => {
  const first = await place("once", { buyer: "anna", contact: CONTACT });
  expect((await place("once", { buyer: "anna", contact: CONTACT })).id).toBe(first.id);
  for (const other of [
    { buyer: "ben", contact: CONTACT },
    { contact: CONTACT },
    { buyer: "anna" },
    { buyer: "anna", contact: { ...CONTACT, email: "ben@example.com" } },
    { buyer: "anna", contact: { email: CONTACT.email } },
  ])
    expect(await placeOrder(deps, market.channelId, "once", requestOf(other), {})).toMatchObject({
      ok: false,
      code: "idempotency_key_reused",
    });
});

test("an erased contact is gone for good, the order goes on as it was, and its repeat is still its repeat", async () => {
  const contact = { email: "gone@example.com" };
  const placed = await place("erased", { contact, payment: { method: "deferred" } });
  const stale = await readOrder(deps, placed.id);
  const erased = valueOf(await eraseContact(deps, placed.id, market.channelId));
  expect(erased).toEqual({ ...stale, contact: undefined });
  expect(Object.keys(await itemOf(placed.id))).not.toContain("contact");
  expect(await eraseContact(deps, placed.id)).toMatchObject({ ok: true });
  // Somebody who read the order before works on it after.
  if (stale === undefined) throw new Error("no order");
  const late = { ...deps, clock: () => new Date(Date.now() + 3_600_000) };
  expect(await advance(late, stale)).toMatchObject({ state: "expired" });
  expect(Object.keys(await itemOf(placed.id))).not.toContain("contact");
  expect((await place("erased", { contact, payment: { method: "deferred" } })).id).toBe(placed.id);
});

test("another channel can't erase it, and finds no such order", async () => {
  const { id } = await place("kept", { contact: CONTACT });
  const nowhere = { ok: false, code: "not_found" };
  expect(await eraseContact(deps, id, newId("chan"))).toMatchObject(nowhere);
  expect(await eraseContact(deps, orderIdFor(market.channelId, "never"))).toMatchObject(nowhere);
  expect((await readOrder(deps, id))?.contact).toBeDefined();
});
