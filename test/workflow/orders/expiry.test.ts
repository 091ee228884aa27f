import { Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { expect, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import {
  http,
  type Json,
  makeCodes,
  openShop,
  operate,
  order,
  orderIn,
  type Shop,
  stockProduct,
} from "../../support/orders/shop.ts";

// The buyer is told until when a code is good, wherever the code is shown, and however many Vouchsafes it has come through.

const stack = deployedStack();
const EXPIRES = "2098-12-31T23:59:59.000Z";
/** The key of the standard's published example: this supplier sends no callbacks. */
const webhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** A product with codes in stock: the first of them ends, the second does not. */
async function endingStock(): Promise<{ productId: string; ends: string[]; stays: string[] }> {
  const { productId } = await stockProduct(stack, 0);
  const [ends, stays] = [makeCodes(1), makeCodes(1)];
  const csv = ["secret,expiresAt", `${ends[0]},${EXPIRES}`, `${stays[0]},`, ""].join("\n");
  await operate(stack, { method: "POST", path: `/admin/v1/products/${productId}/stock-imports`, csv });
  return { productId, ends, stays };
}

/** Secret and end of each piece, in the order of the secrets. */
const endsIn = (pieces: Json[]): [string, string | undefined][] =>
  pieces
    .map(({ secret, expiresAt }): [string, string | undefined] => [secret as string, expiresAt as string | undefined])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));

const pageOf = async (shop: Shop, id: string): Promise<Json[]> =>
  (await http(stack, "GET", `/v1/orders/${id}/deliverables`, { key: shop.key })).body.data;

async function fileOf(shop: Shop, id: string): Promise<Json[]> {
  const identity = await generateX25519Identity();
  const made = await http(stack, "POST", `/v1/orders/${id}/deliverables/file`, {
    key: shop.key,
    json: { recipient: await identityToRecipient(identity) },
    headers: { "Idempotency-Key": "file" },
  });
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const file = new Uint8Array(await (await fetch(made.body.url as string)).arrayBuffer());
  const lines = (await decrypter.decrypt(file, "text")).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line));
}

test("a code from stock tells its end in the order's answer, on a page, and in the file", async () => {
  const [shop, { productId, ends, stays }] = await Promise.all([openShop(), endingStock()]);
  const bought = await order(shop, [{ productId, quantity: 2 }]);
  const expected = endsIn([{ secret: ends[0], expiresAt: EXPIRES }, { secret: stays[0] }]);
  expect(endsIn(bought.body.lines[0].deliverables)).toEqual(expected);
  expect(endsIn(await pageOf(shop, bought.body.id))).toEqual(expected);
  expect(endsIn(await fileOf(shop, bought.body.id))).toEqual(expected);
});

test("a code bought from another Vouchsafe keeps its end, through all of its ways to the buyer", async () => {
  const [supplying, shop, { productId: theirs, ends, stays }] = await Promise.all([
    openShop(),
    openShop(),
    endingStock(),
  ]);
  const create = (path: string, json: object): Promise<Json> => operate(stack, { method: "POST", path, json });
  const supplier = await create("/admin/v1/suppliers", {
    name: "Another Vouchsafe",
    protocol: "vouchsafe",
    baseUrl: stack.apiUrl,
    credentials: { apiKey: supplying.key, webhookSecret },
    timeoutMs: 10_000,
    answerWithinSeconds: 600,
    unknownSeconds: 600,
  });
  const cost = { amount: 1500, currency: "CNY" };
  const sources = [{ supplierId: supplier.id, supplierProductId: theirs, cost }];
  const price = { amount: 2000, currency: "CNY" };
  const product = await create("/admin/v1/products", { kind: "code", name: "Resold", price, sources });
  const placed = await order(shop, [{ productId: product.id, quantity: 2 }]);
  await orderIn(shop, placed.body.id, "fulfilled");
  const expected = endsIn([{ secret: ends[0], expiresAt: EXPIRES }, { secret: stays[0] }]);
  expect(endsIn(await pageOf(shop, placed.body.id))).toEqual(expected);
  expect(endsIn(await fileOf(shop, placed.body.id))).toEqual(expected);
});
