/**
 * Runa's API as its documents say, for the "runa" protocol: idempotent orders that are replayed, errors included; synchronous
 * and asynchronous execution; completion told by Svix. What a product does is in its code.
 */
import { randomBytes } from "node:crypto";
import * as z from "zod";
import { type Call, type Party, type Reply, startParty } from "./party.ts";
import { newWebhookSecret, post, sign } from "./supplier-callbacks.ts";
import { json } from "./supplier-wire.ts";

const NewOrder = z.strictObject({
  payment_method: z.strictObject({ type: z.literal("ACCOUNT_BALANCE"), currency: z.string().length(3) }),
  items: z
    .array(
      z.strictObject({
        face_value: z.number().min(0.01),
        distribution_method: z.strictObject({ type: z.literal("PAYOUT_LINK") }),
        products: z.strictObject({ type: z.literal("SINGLE"), value: z.string().min(1) }),
      }),
    )
    .min(1)
    .max(200),
  metadata: z.record(z.string().max(40), z.string().max(200)),
});

type Order = z.infer<typeof NewOrder> & { id: string; status: "PROCESSING" | "COMPLETED" | "FAILED"; links: string[] };

/** Codes that behave. Every other one is delivered at once. */
export const RUNA = {
  fine: "AMZ-US/10.00/USD",
  noFunds: "NOFUNDS-US/10.00/USD",
  slow: "SLOW-US/10.00/USD",
  slowFailure: "FAIL-US/10.00/USD",
  lostAnswer: "LOST-US/10.00/USD",
  throttled: "BUSY-US/10.00/USD",
};
const WORK_MS = 150;

export type RunaParty = Party & { credentials: { apiKey: string; webhookSecret: string } };

export async function startRuna(): Promise<RunaParty> {
  const credentials = { apiKey: `runa_${randomBytes(12).toString("hex")}`, webhookSecret: newWebhookSecret() };
  const orders = new Map<string, Order>();
  const replays = new Map<string, { body: string; reply: Reply }>();
  let callbackUrl: string | undefined;
  let charge: { total_price: unknown; currency: string } | undefined;

  function shown(order: Order): object {
    const { id, status, items, links, metadata, payment_method } = order;
    if (status === "FAILED") return { id, status, message: "Order failed" };
    const at = new Date().toISOString();
    const basics = {
      id,
      status,
      created_at: at,
      payment_method,
      currency: "USD",
      total_price: String(9.5 * items.length),
      total_discount: String(0.5 * items.length),
      ...charge,
    };
    if (status === "PROCESSING") return basics;
    const told = items.map((item, index) => ({
      id: `E-${index}`,
      distribution_method: item.distribution_method,
      products: item.products,
      face_value: String(item.face_value),
      price: String(item.face_value),
      payout: { status: "ACTIVE", status_updated_at: at, url: links[index], expiry_date: "2099-12-31T00:00:00Z" },
    }));
    return { ...basics, completed_at: at, items: told, metadata };
  }

  function complete(order: Order): void {
    order.status = "COMPLETED";
    order.links = order.items.map(() => `https://spend.example/${randomBytes(9).toString("base64url")}`);
  }

  async function tell(order: Order): Promise<void> {
    if (callbackUrl === undefined) return;
    const told = order.status === "FAILED" ? { id: order.id, status: order.status } : shown(order);
    const event = { id: `msg_${randomBytes(12).toString("hex")}`, body: JSON.stringify(told) };
    const { body, headers } = sign(event, credentials.webhookSecret);
    const svix = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.replace("webhook-", "svix-"), value]),
    );
    await post(callbackUrl, { body, headers: svix }, party.stopped);
  }

  function carryOut(given: z.infer<typeof NewOrder>, isSync: boolean): Reply {
    const code = given.items[0]?.products.value;
    if (code === "NOFUNDS-US")
      return { status: 400, body: { type: "insufficient_funds", message: "Insufficient funds" } };
    const order: Order = { ...given, id: `O-${randomBytes(8).toString("hex")}`, status: "PROCESSING", links: [] };
    orders.set(order.id, order);
    if (isSync && code !== "SLOW-US" && code !== "FAIL-US") {
      complete(order);
      return { status: 200, body: shown(order) };
    }
    party.later(WORK_MS, async () => {
      if (code === "FAIL-US") order.status = "FAILED";
      else complete(order);
      await tell(order);
    });
    return { status: 202, body: { id: order.id, status: order.status } };
  }

  function place({ headers, body }: Call): Reply {
    const key = String(headers["x-idempotency-key"] ?? "");
    if (key === "") return { status: 400, body: { type: "bad_request", message: "X-Idempotency-Key is required" } };
    const before = replays.get(key);
    if (before !== undefined && before.body !== body)
      return { status: 400, body: { type: "idempotency_validation_error", message: "other payload" } };
    if (before !== undefined) return before.reply;
    const given = NewOrder.safeParse(json(body));
    if (!given.success) return { status: 422, body: { type: "validation_error", message: "no", details: [] } };
    const code = given.data.items[0]?.products.value;
    if (code === "BUSY-US") return { status: 429, body: { error: "rate exceeded" }, headers: { "retry-after": "7" } };
    const isSync = headers["x-execution-mode"] === "sync";
    if (isSync && given.data.items.length > 1)
      return { status: 400, body: { type: "invalid_execution_mode", message: "" } };
    const reply = carryOut(given.data, isSync);
    replays.set(key, { body, reply });
    return code === "LOST-US" ? "cut" : reply;
  }

  const party = await startParty((call) => {
    const { method, url, headers } = call;
    if (headers["x-api-key"] !== credentials.apiKey)
      return { status: 401, body: { type: "invalid_api_key", message: "" } };
    if (method === "POST" && url.pathname === "/v2/order") return place(call);
    const [, id = ""] = /^\/v2\/order\/([\w-]+)$/.exec(url.pathname) ?? [];
    const order = orders.get(id);
    if (order !== undefined) return { status: 200, body: shown(order) };
    if (url.pathname === "/v2/balance") return { status: 200, body: [{ balance: "100.50", currency: "USD" }] };
    if (url.pathname === "/v2/product") return { status: 200, body: catalogue(url.searchParams.get("after")) };
    return { status: 404, body: { type: "not_found", message: "" } };
  });
  return {
    ...party,
    url: `${party.url}/v2`,
    credentials,
    setCallbackUrl: (url) => {
      callbackUrl = url;
    },
    setCharge: (total_price, currency = "USD") => {
      charge = { total_price, currency };
    },
    deliveries: (reference) =>
      [...orders.values()].filter(
        ({ status, metadata }) => status === "COMPLETED" && metadata["reference"] === reference,
      ).length,
  };
}

/** Two pages, as short ones would be. */
function catalogue(after: string | null): object {
  const product = (code: string, orderable: boolean) => ({
    code,
    name: `Brand ${code}`,
    currency: "USD",
    state: orderable ? "LIVE" : "TEMPORARILY_DISABLED",
    is_orderable: orderable,
    discount_multiplier: "0.05",
    gift_card: { denominations: { type: "fixed", available_list: ["10.00", "25.00"] } },
  });
  if (after === null) return { catalog: [product("AMZ-US", true)], pagination: { cursors: { after: "A-1" } } };
  return { catalog: [product("OFF-US", false)], pagination: { cursors: {} } };
}
