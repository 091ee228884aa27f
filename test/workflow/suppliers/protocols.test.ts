import { afterAll, describe, expect, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import {
  eventually,
  http,
  type Json,
  openShop,
  operate,
  order,
  orderIn,
  type Shop,
} from "../../support/orders/shop.ts";
import { PHONES, PIN_PRODUCT, startDtone } from "../../support/suppliers/dtone.ts";
import { GOODS, startFulu } from "../../support/suppliers/fulu.ts";
import type { Party } from "../../support/suppliers/party.ts";
import { RUNA, startRuna } from "../../support/suppliers/runa.ts";

// One sale through each protocol that we speak, on the deployed stack, from the order to the goods.

const stack = deployedStack();
const price = { amount: 5000, currency: "CNY" };
const parties: Party[] = [];
afterAll(() => Promise.all(parties.map((party) => party.stop())));

type Known = Party & { credentials: Record<string, string> };
type Sale = { shop: Shop; productId: string; party: Known };

/** A shop that sells one product of a supplier that speaks this protocol. */
async function shopOf(party: Known, protocol: string, kind: string, supplierProductId: string): Promise<Sale> {
  parties.push(party);
  const create = (path: string, json: object): Promise<Json> => operate(stack, { method: "POST", path, json });
  const supplier = await create("/admin/v1/suppliers", {
    name: protocol,
    protocol,
    baseUrl: party.url,
    credentials: party.credentials,
    timeoutMs: 5_000,
    answerWithinSeconds: 600,
  });
  party.setCallbackUrl(`${stack.apiUrl}/v1/suppliers/${supplier.id}/callbacks`);
  const sources = [{ supplierId: supplier.id, supplierProductId, unguarded: true }];
  const product = await create("/admin/v1/products", { kind, name: `By ${protocol}`, price, sources });
  return { shop: await openShop(), productId: product.id, party };
}

async function sell({ shop, productId }: Sale, quantity: number, account?: string): Promise<Json> {
  const recipient = account === undefined ? {} : { recipient: { account } };
  const placed = await order(shop, [{ productId, quantity, ...recipient }]);
  expect(placed.status).toBe(201);
  return orderIn(shop, placed.body.id, "fulfilled");
}

const goodsOf = async ({ shop }: Sale, orderId: string): Promise<Json[]> =>
  (await http(stack, "GET", `/v1/orders/${orderId}/deliverables`, { key: shop.key })).body.data;

const once = ({ party }: Sale, orderId: string): number => party.deliveries(`${orderId}-1-1-1`);

describe.concurrent("sold on the deployed stack", () => {
  test("a link of Runa's: one in the answer to the order, several when its webhook says so", async () => {
    const sale = await shopOf(await startRuna(), "runa", "link", RUNA.fine);
    for (const quantity of [1, 3]) {
      const sold = await sell(sale, quantity);
      const links = (await goodsOf(sale, sold.id)).map(({ secret }) => secret as string);
      expect(new Set(links).size).toBe(quantity);
      expect(links).toEqual(Array.from(links, () => expect.stringMatching(/^https:\/\/spend\.example\//) as string));
      expect(once(sale, sold.id)).toBe(1);
    }
  });

  test("phone credit of DT One's: an unsigned callback makes us ask, and the answer is what counts", async () => {
    const sale = await shopOf(await startDtone(), "dtone", "topup", "1001");
    const sold = await sell(sale, 1, PHONES.slow);
    expect(once(sale, sold.id)).toBe(1);
  });

  test("a PIN of DT One's, kept in the vault and shown to its buyer", async () => {
    const sale = await shopOf(await startDtone(), "dtone", "code", PIN_PRODUCT);
    const sold = await sell(sale, 1);
    expect(await goodsOf(sale, sold.id)).toMatchObject([{ secret: expect.stringMatching(/^PIN-/) as string }]);
  });

  test("phone credit that DT One declines is refunded after a person's decision, and never delivered", async () => {
    const sale = await shopOf(await startDtone(), "dtone", "topup", "1001");
    const recipient = { account: PHONES.slowRefused };
    const { body } = await order(sale.shop, [{ productId: sale.productId, quantity: 1, recipient }]);
    await orderIn(sale.shop, body.id, "review");
    const path = `/admin/v1/reviews/${body.id}/decisions`;
    await operate(stack, { method: "POST", path, json: { action: "refund", reason: "declined" } });
    await orderIn(sale.shop, body.id, "refunded");
    expect(once(sale, body.id)).toBe(0);
  });

  test("cards of Fulu's, decrypted on arrival, sealed at once, shown to their buyer", async () => {
    const sale = await shopOf(await startFulu(), "fulu", "code", GOODS.fine);
    const sold = await sell(sale, 2);
    const cards = await goodsOf(sale, sold.id);
    expect(new Set(cards.map(({ secret }) => secret)).size).toBe(2);
    for (const { number, secret } of cards) expect(number).toBe(`N${secret}`);
  });

  test("a direct top-up of Fulu's, which has to be asked for", async () => {
    const sale = await shopOf(await startFulu(), "fulu", "topup", GOODS.fine);
    const sold = await sell(sale, 1, "888888");
    expect(once(sale, sold.id)).toBe(1);
  });

  test("what anybody posts to an unsigned supplier's address moves nothing", async () => {
    const sale = await shopOf(await startDtone(), "dtone", "topup", "1001");
    const recipient = { account: PHONES.refused };
    const { body } = await order(sale.shop, [{ productId: sale.productId, quantity: 1, recipient }]);
    const forged = { id: 1, external_id: `${body.id}-1-1-1`, status: { id: 70000, class: { id: 7 } } };
    const supplierId = await eventually(async () => sale.party.url && (await supplierOf(body.id)), "an attempt");
    const answer = await http(stack, "POST", `/v1/suppliers/${supplierId}/callbacks`, { json: forged });
    expect(answer.status).toBe(200);
    await orderIn(sale.shop, body.id, "review");
    expect(once(sale, body.id)).toBe(0);
  });
});

async function supplierOf(orderId: string): Promise<string | undefined> {
  const timeline = await operate(stack, { method: "GET", path: `/admin/v1/orders/${orderId}` });
  return /sup_[0-9a-z]+/.exec(JSON.stringify(timeline))?.[0];
}
