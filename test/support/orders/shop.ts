import { randomBytes } from "node:crypto";
import { credentials } from "../../../infra/local/deploy.ts";
import type { LocalStack } from "../../../infra/local/stack-file.ts";
import { type OperatorAnswer, type OperatorCall, operatorClient } from "../../../infra/ops/client.ts";
import { untilNotThrottled } from "../../../infra/ops/throttled.ts";
import { deployedStack } from "../engine/deployed-stack.ts";
import { makeCodes } from "../inventory/codes.ts";
import { expectTrueTo } from "../runtime/true-answer.ts";
import { noteContacts, noteLinks } from "../secrecy/left.ts";

/** A problem or an order, as JSON came; tests look into it freely. */
export type Json = any;

export type HttpAnswer = { status: number; headers: Headers; body: Json; text: string };

/** Calls the storefront API. `key` null sends no Authorization at all. */
export async function http(
  stack: LocalStack,
  method: string,
  path: string,
  options: { key?: string | null; json?: unknown; raw?: string; headers?: Record<string, string> } = {},
): Promise<HttpAnswer> {
  const { key, json, raw, headers = {} } = options;
  const sent: Record<string, string> = { ...headers };
  if (key !== undefined && key !== null) sent["Authorization"] = `Bearer ${key}`;
  if (json !== undefined) sent["Content-Type"] ??= "application/json";
  const body = raw ?? (json === undefined ? undefined : JSON.stringify(json));
  // The engine runs 48 functions at once, and throttles further calls as AWS would: no function of ours has seen them.
  const answer = await untilNotThrottled(() =>
    fetch(`${stack.apiUrl}${path}`, { method, headers: sent, ...(body === undefined ? {} : { body }) }),
  );
  const text = await answer.text();
  noteLinks(text);
  const { contact } = (json ?? {}) as { contact?: Record<string, unknown> };
  noteContacts(contact?.["email"], contact?.["phone"]);
  let parsed: Json = null;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Some answers are not JSON; their tests look at `text`.
  }
  return { status: answer.status, headers: answer.headers, body: parsed, text };
}

/** Calls the operator API; throws unless it says yes. */
export async function operate(stack: LocalStack, call: OperatorCall): Promise<Json> {
  const answer = await tryToOperate(stack, call);
  if (!answer.ok) throw new Error(`${call.method} ${call.path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Calls the operator API. Whatever it says yes with must be what the operation describes. */
export async function tryToOperate(stack: LocalStack, call: OperatorCall): Promise<OperatorAnswer> {
  const answer = await operatorClient({ apiUrl: stack.apiUrl, region: stack.region, credentials })(call);
  if (answer.ok) expectTrueTo(call.method, call.path, answer.body);
  return answer;
}

export { CODE_MARK, makeCodes } from "../inventory/codes.ts";

export type Shop = { stack: LocalStack; channelId: string; key: string };

/** A channel of one's own, so that tests never see each other's orders or money. */
export async function openShop(deposit = 1_000_000, stack = deployedStack()): Promise<Shop> {
  const channel = await operate(stack, { method: "POST", path: "/admin/v1/channels", json: { name: "Test shop" } });
  const shop = { stack, channelId: channel.id as string, key: channel.apiKey as string };
  if (deposit > 0) await payIn(shop, deposit);
  return shop;
}

export async function payIn(shop: Shop, amount: number, reference = randomBytes(8).toString("hex")): Promise<void> {
  await operate(shop.stack, {
    method: "POST",
    path: `/admin/v1/channels/${shop.channelId}/deposits`,
    json: { money: { amount, currency: "CNY" }, reference },
  });
}

/** A code product with this many codes in stock; returns what was imported. */
export async function stockProduct(
  stack: LocalStack,
  count: number,
  price = 1500,
  retail = price,
): Promise<{ productId: string; codes: string[] }> {
  const currency = "CNY";
  const retailPrice = retail === price ? {} : { retailPrice: { amount: retail, currency } };
  const json = { kind: "code", name: "Test code", price: { amount: price, currency }, ...retailPrice };
  const product = await operate(stack, { method: "POST", path: "/admin/v1/products", json });
  const codes = makeCodes(count);
  if (count > 0) await importCodes(stack, product.id, codes);
  return { productId: product.id, codes };
}

export async function importCodes(stack: LocalStack, productId: string, codes: string[]): Promise<Json> {
  const csv = ["secret", ...codes, ""].join("\n");
  return operate(stack, { method: "POST", path: `/admin/v1/products/${productId}/stock-imports`, csv });
}

export async function countStock(stack: LocalStack, productId: string): Promise<Json> {
  return operate(stack, { method: "GET", path: `/admin/v1/products/${productId}/stock` });
}

export type OrderLine = { productId: string; quantity: number; recipient?: { account: string } };

/** Places an order with a key of its own unless one is given. */
export async function order(
  shop: Shop,
  lines: OrderLine[],
  idempotencyKey = randomBytes(12).toString("hex"),
  more: object = {},
): Promise<HttpAnswer> {
  return http(shop.stack, "POST", "/v1/orders", {
    key: shop.key,
    json: { lines, payment: { method: "balance" }, ...more },
    headers: { "Idempotency-Key": idempotencyKey },
  });
}

/** Soon at first, for most things take no time; then not as often, for a look is a call too, and a dozen tests look at once. */
const LOOK_AGAIN_MS = { first: 50, longest: 300 };

/** Waiting between looks, in milliseconds, after which nothing is expected to come any more. */
const PATIENCE_MS = 60_000;

/**
 * Looks until it sees something, and returns that. It gives up after so much waiting between its looks. How long the looks
 * themselves take does not count: on a machine with other things to do they are slow, and what they look for is too.
 */
export async function eventually<T>(
  look: () => Promise<T | undefined>,
  what: string,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  let waitedMs = 0;
  for (let waitMs = LOOK_AGAIN_MS.first; ; waitMs = Math.min(1.5 * waitMs, LOOK_AGAIN_MS.longest)) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (waitedMs > patienceMs) throw new Error(`not seen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    waitedMs += waitMs;
  }
}

/** Waits until nothing is left. Its patience begins anew whenever fewer are left: however many there are, they may take their time. */
export async function untilNoneLeft(left: () => Promise<number>, what: string): Promise<void> {
  let [before, now] = [Number.POSITIVE_INFINITY, await left()];
  while (now > 0) {
    before = now;
    now = await eventually(async () => {
      const seen = await left();
      return seen < before ? seen : undefined;
    }, `fewer than ${before} left of: ${what}`);
  }
}

/** The order once it has this state. */
export async function orderIn(shop: Shop, orderId: string, state: string, patienceMs?: number): Promise<Json> {
  return eventually(
    async () => {
      const { body } = await http(shop.stack, "GET", `/v1/orders/${orderId}`, { key: shop.key });
      return body.state === state ? body : undefined;
    },
    `order ${orderId} ${state}`,
    patienceMs,
  );
}

/** What the channel can spend, in minor units. */
export async function available(shop: Shop): Promise<number> {
  const { body } = await http(shop.stack, "GET", "/v1/account", { key: shop.key });
  return body.balances[0]?.available.amount ?? 0;
}
