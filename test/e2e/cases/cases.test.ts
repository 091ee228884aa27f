import { expect, test } from "vitest";
import { buyerOf } from "../../support/deliveries/browser-like.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { terminal } from "../../support/ops/ops.ts";
import {
  countStock,
  http,
  importCodes,
  makeCodes,
  openShop,
  operate,
  order,
  type Shop,
  stockProduct,
} from "../../support/orders/shop.ts";

// Help after the sale, by the channel, on the buyer's page and on the command line, through the deployed functions.

const stack = deployedStack();
const { json } = terminal(stack);
const open = (shop: Shop, orderId: string, wish: object, key: string) =>
  http(stack, "POST", `/v1/orders/${orderId}/cases`, {
    key: shop.key,
    json: { kind: "void_and_reissue", lineId: "1", ...wish },
    headers: { "Idempotency-Key": key },
  });

/** A shop whose key sees no codes, with an order of so many, and as many more in stock. */
async function sold(quantity: number) {
  const [shop, { productId }] = await Promise.all([openShop(), stockProduct(stack, quantity)]);
  const { apiKey } = await operate(stack, {
    method: "POST",
    path: `/admin/v1/channels/${shop.channelId}/keys`,
    json: { scopes: ["orders:write", "orders:read", "links:write"] },
  });
  const blind = { ...shop, key: apiKey as string };
  const { body } = await order(blind, [{ productId, quantity }]);
  await importCodes(stack, productId, makeCodes(quantity));
  return { shop: blind, productId, id: body.id as string, deliveryUrl: body.deliveryUrl as string };
}

test("a channel has a code replaced that nobody has seen: at once, once for each key, and stock is one code less", async () => {
  const { shop, productId, id } = await sold(2);
  const opened = await open(shop, id, { pieces: [1] }, "one");
  expect([opened.status, opened.body]).toEqual([
    201,
    expect.objectContaining({ state: "replaced", reason: "did_not_work", replacements: [expect.anything()] }),
  ]);
  expect(opened.headers.get("location")).toBe(`/v1/orders/${id}/cases/${opened.body.id}`);
  expect((await open(shop, id, { pieces: [1] }, "one")).body).toEqual(opened.body);
  expect((await open(shop, id, { pieces: [2] }, "one")).body.code).toBe("idempotency_key_reused");
  expect((await open(shop, id, { pieces: [3] }, "two")).body.errors).toMatchObject([{ pointer: "/pieces/0" }]);
  const { body: list } = await http(stack, "GET", `/v1/orders/${id}/cases`, { key: shop.key });
  expect(list.data).toEqual([opened.body]);
  const stranger = await openShop(0);
  for (const path of [`/v1/orders/${id}/cases`, `/v1/orders/${id}/cases/${opened.body.id}`])
    expect((await http(stack, "GET", path, { key: stranger.key })).status).toBe(404);
  expect(await countStock(stack, productId)).toMatchObject({ sold: 3, available: 1, void: 0 });
});

test("a buyer who has seen a code asks on the page, without script; a person decides, and the page says what came of it", async () => {
  const { id, deliveryUrl } = await sold(1);
  const buyer = buyerOf(stack, deliveryUrl);
  await buyer.reveal();
  const page = await buyer.open();
  expect(page.text).toContain("A code does not work");
  const asked = await buyer.ask({ kind: "void_and_reissue", line: "1", piece: "1", turn: "0" });
  expect([asked.status, asked.text]).toEqual([200, expect.stringContaining("We are looking into it")]);
  await buyer.ask({ kind: "refund", line: "1", piece: "1", turn: "0" });
  const { value } = await json("cases", "list", "--limit", "100");
  const mine = (value.data as { orderId: string }[]).filter(({ orderId }) => orderId === id);
  expect(mine).toEqual([expect.objectContaining({ state: "waiting", waitsFor: "seen", openedBy: "buyer" })]);
  const [{ id: caseId } = { id: "" }] = mine as unknown as { id: string }[];
  expect((await buyer.ask({ kind: "void_and_reissue", line: "9", piece: "1", turn: "0" })).status).toBe(400);
  const { value: decided } = await json(
    "cases",
    "decide",
    caseId,
    "--action",
    "replace",
    "--reason",
    "known bad batch",
    "--yes",
  );
  expect(decided).toMatchObject({ state: "replaced", decision: { action: "replace" } });
  expect((await json("cases", "show", caseId)).value).toEqual(decided);
  expect((await buyer.open()).text).toContain("You have a new code");
});
