/** Sells known codes and fills known accounts, in every way that goes well or wrong. */
import { randomBytes } from "node:crypto";
import { DisableKeyCommand, EnableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { expect } from "vitest";
import { credentials } from "../../infra/local/deploy.ts";
import {
  CODE_MARK,
  eventually,
  http,
  type Json,
  openShop,
  operate,
  order,
  orderIn,
  type Shop,
  stockProduct,
  tryToOperate,
} from "../support/orders/shop.ts";
import { post, sign } from "../support/suppliers/supplier-callbacks.ts";
import { type Behaviour, magicAccount, magicProduct } from "../support/suppliers/supplier-magic.ts";
import { openTopups, type Topups } from "../support/suppliers/topups.ts";
import { findAsBuyers } from "./buyers.ts";
import { uploadFiles } from "./uploads.ts";

/** What must not be found, what the buyer did get, and what must be found: ids that prove a place was looked at. */
export type Sold = {
  shop: Shop;
  secrets: string[];
  revealed: string[];
  ids: {
    codeOrder: string;
    largeOrder: string;
    topupOrder: string;
    reviewOrder: string;
    failedRequest: string;
    refusedRequest: string;
  };
};

/** With characters that every encoding changes. */
const newSecret = (): string => `${CODE_MARK}-é\\+/?${randomBytes(9).toString("hex").toUpperCase()}`;

export async function sellInEveryWay(): Promise<Sold> {
  const shop = await openShop();
  const secrets: string[] = [];
  const known = (secret = newSecret()): string => {
    secrets.push(secret);
    return secret;
  };
  const inStock = Array.from({ length: 8 }, () => known());
  const { productId } = await stockProduct(shop.stack, 0);
  const imported = await importCsv(shop, productId, ["number,secret", ...inStock.map((code, i) => `${i},${code}`)]);
  expect(imported.body).toMatchObject({ imported: inStock.length, refused: [] });

  const sold = await sellCodes(shop, productId, known);
  const large = await sellInOneFile(shop, known);
  await failToImport(shop, productId, inStock, known);
  await uploadFiles(shop, known);
  secrets.push(...(await findAsBuyers()));
  const refusedRequest = await beRefused(shop, productId, known);
  const failed = await failTechnically(shop, productId, known);
  const topups = await topUp(shop, known);
  secrets.push(shop.key, sold.key, topups.simulator.apiKey, topups.simulator.webhookSecret);
  await topups.simulator.stop();
  return {
    shop,
    secrets,
    revealed: [...sold.revealed, ...large.revealed, ...failed.revealed],
    ids: {
      ...topups.ids,
      codeOrder: sold.orderId,
      largeOrder: large.orderId,
      failedRequest: failed.requestId,
      refusedRequest,
    },
  };
}

/** In the order's answer, page by page later, and back to stock before anybody has seen it. */
async function sellCodes(shop: Shop, productId: string, known: (secret?: string) => string) {
  // The buyer's name without what makes no difference to it: in that form it is compared, and would be found.
  const buyer = known(`${CODE_MARK}-${randomBytes(9).toString("hex")}`.toLowerCase());
  const email = known(`${CODE_MARK}.${randomBytes(9).toString("hex")}@example.com`);
  const phone = known(`+1${Array.from(randomBytes(12), (byte) => byte % 10).join("")}`);
  const instant = await order(shop, [{ productId, quantity: 2 }], undefined, { buyer, contact: { email, phone } });
  const path = `/v1/orders?buyer=${encodeURIComponent(buyer)}`;
  expect((await http(shop.stack, "GET", path, { key: shop.key })).body.data).toHaveLength(1);
  expect(instant.body).toMatchObject({ state: "fulfilled" });
  const orderId: string = instant.body.id;
  const later = await http(shop.stack, "GET", `/v1/orders/${orderId}/deliverables`, { key: shop.key });
  const revealed = secretsIn(later.body.data);
  expect(secretsIn(instant.body.lines[0].deliverables)).toEqual(revealed);

  const blind = await operate(shop.stack, {
    method: "POST",
    path: `/admin/v1/channels/${shop.channelId}/keys`,
    json: { scopes: ["orders:write", "orders:read"] },
  });
  const unseen = await order({ ...shop, key: blind.apiKey }, [{ productId, quantity: 1 }]);
  expect(unseen.body.lines[0].deliverables).toBeUndefined();
  const back = await http(shop.stack, "POST", `/v1/orders/${unseen.body.id}/cancel`, {
    key: shop.key,
    headers: { "Idempotency-Key": "back" },
  });
  expect(back.body).toMatchObject({ state: "cancelled" });
  return { orderId, revealed, key: blind.apiKey as string };
}

/** By a workflow, then page by page, then as a file, which stays in its bucket. */
async function sellInOneFile(shop: Shop, known: () => string) {
  const { productId } = await stockProduct(shop.stack, 0);
  await importCsv(shop, productId, ["secret", known(), known(), known()]);
  const placed = await order(shop, [{ productId, quantity: 5 }], undefined, { acceptLess: true });
  const orderId: string = placed.body.id;
  await orderIn(shop, orderId, "fulfilled");
  const page = await http(shop.stack, "GET", `/v1/orders/${orderId}/deliverables`, { key: shop.key });
  const file = await http(shop.stack, "POST", `/v1/orders/${orderId}/deliverables/file`, {
    key: shop.key,
    json: { recipient: await identityToRecipient(await generateX25519Identity()) },
    headers: { "Idempotency-Key": "file" },
  });
  expect(file.body).toMatchObject({ pieces: 3 });
  return { orderId, revealed: secretsIn(page.body.data) };
}

const secretsIn = (goods: { secret: string }[]): string[] => goods.map(({ secret }) => secret);

async function failToImport(shop: Shop, productId: string, inStock: string[], known: () => string): Promise<void> {
  const once = known();
  const files = {
    "the header is missing, so that a code stands in its place": [known(), known()],
    "an unknown column is called like a code": [`secret,${known()}`, known()],
    "lines are wrong": ["secret,expiresAt", ...inStock, `"${known()}`, `${known()},soon`],
    "a duplicate, and a code that is too long": ["secret", once, once, known().repeat(40)],
  };
  const statuses: number[] = [];
  for (const lines of Object.values(files)) statuses.push((await importCsv(shop, productId, lines)).status);
  expect(statuses).toEqual([400, 400, 200, 200]);
  await importCsv(shop, productId, ["secret", known()], { dryRun: "true" });
  // Without a signature, and to a product of another kind.
  const path = `/admin/v1/products/${productId}/stock-imports`;
  await http(shop.stack, "POST", path, { raw: `secret\n${known()}\n`, headers: { "Content-Type": "text/csv" } });
  await importCsv(shop, "prod_00000000000000000000", ["secret", known()]);
}

/** What a client sends by mistake must not be kept either. Returns the id of one of the refused requests. */
async function beRefused(shop: Shop, productId: string, known: () => string): Promise<string> {
  const code = known();
  const refused = [
    await order(shop, [{ productId, quantity: 50 }]),
    await order(shop, [{ productId: code, quantity: 1 }]),
    await order(shop, [{ productId, quantity: 1, recipient: { account: known() } }]),
    await order(shop, [{ productId, quantity: 1 }], undefined, { contact: { email: known(), phone: known() } }),
    await order(shop, [{ productId, quantity: 1 }], undefined, { [code]: code }),
    await order(shop, [{ productId, quantity: 1 }], code),
    await http(shop.stack, "POST", "/v1/orders", {
      key: shop.key,
      raw: `{"lines": "${code}`,
      headers: { "Content-Type": "application/json", "Idempotency-Key": "broken" },
    }),
    await http(shop.stack, "GET", `/v1/orders/${encodeURIComponent(code)}`, { key: shop.key }),
    await http(shop.stack, "GET", `/v1/orders?cursor=${encodeURIComponent(code)}`, { key: shop.key }),
    await http(shop.stack, "GET", "/v1/account", { key: `vs_${Buffer.from(code).toString("base64url")}` }),
  ];
  expect(refused.filter((answer) => answer.status < 400 || answer.status >= 500)).toEqual([]);
  return refused[0]?.headers.get("x-request-id") ?? "";
}

/** The keys' service is down: the import and the sale break in the middle, with codes in hand. Then it is up again. */
async function failTechnically(shop: Shop, productId: string, known: () => string) {
  const { awsEndpoint: endpoint, region, keys } = shop.stack;
  const kms = new KMSClient({ endpoint, region, credentials });
  const fresh = await stockProduct(shop.stack, 0);
  const sealedLater = [known(), known()];
  await importCsv(shop, fresh.productId, ["secret", ...sealedLater]);
  const lines = [{ productId: fresh.productId, quantity: 1 }];
  await kms.send(new DisableKeyCommand({ KeyId: keys.codes }));
  try {
    const brokenImport = await importCsv(shop, productId, ["secret", known()]);
    expect(brokenImport.status).toBe(500);
    const brokenSale = await order(shop, lines, "keys-down");
    expect(brokenSale.status).toBe(500);
    expect(brokenSale.text).not.toContain(CODE_MARK);
    await kms.send(new EnableKeyCommand({ KeyId: keys.codes }));
    const again = await order(shop, lines, "keys-down");
    expect(again.body).toMatchObject({ state: "fulfilled" });
    return {
      requestId: brokenSale.body.requestId as string,
      revealed: [again.body.lines[0].deliverables[0].secret as string],
    };
  } finally {
    await kms.send(new EnableKeyCommand({ KeyId: keys.codes }));
  }
}

/** Delivered by callback, refused, gone wrong; callbacks that carry codes; and a supplier that is not there. */
async function topUp(shop: Shop, known: (secret?: string) => string) {
  const topups = await openTopups(shop.stack, { unknownSeconds: 1, timeoutMs: 500 });
  const { productId, simulator } = topups;
  const fill = async (account: string): Promise<string> => {
    const placed = await order(shop, [{ productId, quantity: 1, recipient: { account: known(account) } }]);
    expect(placed.body).toMatchObject({ state: "fulfilling" });
    return String(placed.body.id);
  };
  const promise = { deliverWithinSeconds: 2, whenLate: "review" };
  const absent = await openTopups(shop.stack, {}, 4950, promise);
  await absent.simulator.stop();
  const nobodyThere = await order(shop, [
    { productId: absent.productId, quantity: 1, recipient: { account: known(newSecret()) } },
  ]);
  const [byCallback, atOnce, refused, twice] = [
    await fill(magicAccount("callbackAfter", 217)),
    await fill(newSecret()),
    await fill(magicAccount("refused", 218)),
    await fill(magicAccount("errorButDone", 219)),
  ];
  await orderIn(shop, byCallback, "fulfilled");
  await orderIn(shop, atOnce, "fulfilled");
  await orderIn(shop, twice, "fulfilled");
  await orderIn(shop, refused, "review");
  await callBackWithCodes(topups, byCallback, known);
  await buyCodes(shop, topups, known);
  const broken: string = nobodyThere.body.id;
  await orderIn(shop, broken, "review");
  await operate(shop.stack, { method: "GET", path: `/admin/v1/orders/${broken}` });
  await operate(shop.stack, {
    method: "POST",
    path: `/admin/v1/reviews/${broken}/decisions`,
    json: { action: "refund", reason: "the supplier is gone", evenIfUnresolved: true },
  });
  await orderIn(shop, broken, "refunded");
  return { simulator, ids: { topupOrder: byCallback, reviewOrder: refused } };
}

/** Codes that a supplier hands over: delivered, missing, and sold before. */
async function buyCodes(shop: Shop, { supplierId, simulator }: Topups, known: (secret?: string) => string) {
  const buy = async (behaviour: Behaviour, state: string): Promise<string> => {
    const json = {
      kind: "code",
      name: "Bought code",
      price: { amount: 4950, currency: "CNY" },
      sources: [{ supplierId, supplierProductId: magicProduct(behaviour), unguarded: true }],
    };
    const product = await operate(shop.stack, { method: "POST", path: "/admin/v1/products", json });
    const placed = await order(shop, [{ productId: product.id, quantity: 2 }]);
    await orderIn(shop, placed.body.id, state);
    return placed.body.id as string;
  };
  const delivered = await buy("success", "fulfilled");
  await buy("goodsShort", "review");
  for (const { codes } of simulator.orders()) for (const code of codes) known(code);
  const { body } = await http(shop.stack, "GET", `/v1/orders/${delivered}/deliverables`, { key: shop.key });
  expect(body.data).toHaveLength(2);
}

/** Some suppliers put the goods into their callback: it is kept as evidence, sealed. And anybody may send anything. */
async function callBackWithCodes(topups: Topups, orderId: string, known: (secret?: string) => string): Promise<void> {
  const { simulator, callbackUrl } = topups;
  const [done] = simulator.orders().filter(({ reference }) => reference.startsWith(orderId));
  const body = (): string =>
    JSON.stringify({
      type: "order.updated",
      timestamp: new Date(),
      data: { ...done, codes: [known(newSecret())], note: known(newSecret()) },
    });
  const stopped = new AbortController().signal;
  const genuine = sign({ id: `msg_${randomBytes(8).toString("hex")}`, body: body() }, simulator.webhookSecret);
  const forged = sign({ id: "msg_forged", body: body() }, `whsec_${randomBytes(24).toString("base64")}`);
  const broken = sign({ id: "msg_broken", body: `{"data": "${known(newSecret())}` }, simulator.webhookSecret);
  expect(await eventually(async () => (await post(callbackUrl, genuine, stopped)) || undefined, "an answer")).toBe(200);
  expect(await post(callbackUrl, genuine, stopped)).toBe(200);
  expect(await post(callbackUrl, forged, stopped)).toBe(401);
  expect(await post(callbackUrl, broken, stopped)).toBeGreaterThanOrEqual(400);
}

async function importCsv(shop: Shop, productId: string, lines: string[], query: Record<string, string> = {}) {
  const path = `/admin/v1/products/${productId}/stock-imports`;
  const answer = await tryToOperate(shop.stack, { method: "POST", path, query, csv: [...lines, ""].join("\n") });
  return { status: answer.status, body: answer.body as Json };
}
