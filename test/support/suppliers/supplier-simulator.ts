/**
 * A supplier to test against: a real HTTP server that speaks version 1 of our own API, as far as the "vouchsafe" protocol
 * uses it, and misbehaves on demand (see supplier-magic.ts). Nothing is delivered but a line in `orders()`.
 *
 * `node test/support/suppliers/supplier-simulator.ts [port]` runs it alone and prints where it is. Under `/_simulator/`:
 * `GET orders`, `POST callback-url { url }`, `POST replay { reference }`, `POST forge { reference, state }`.
 */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { makeCodes } from "../inventory/codes.ts";
import { behaviours } from "./supplier-behaviours.ts";
import { newWebhookSecret, orderUpdated, post, postUntilTaken, sign } from "./supplier-callbacks.ts";
import { readMagic } from "./supplier-magic.ts";
import {
  type Answer,
  type Charge,
  created,
  type DeliveredOrder,
  deliverables,
  header,
  json,
  type Order,
  type Problem,
  placeSchema,
  portOf,
  type Result,
  read,
  shown,
  write,
} from "./supplier-wire.ts";

export { magicAccount } from "./supplier-magic.ts";
export type { DeliveredOrder } from "./supplier-wire.ts";

/** A product as its catalogue tells it. */
export type Offered = {
  id: string;
  name: string;
  price: { amount: number; currency: string };
  availability: "in_stock" | "low_stock" | "sold_out";
};

/** This product doesn't exist, all others do. */
export const unknownProductId = "prod_unknown";

export type SupplierSimulator = Awaited<ReturnType<typeof startSupplierSimulator>>;

export async function startSupplierSimulator(options: { port?: number; apiKey?: string; webhookSecret?: string } = {}) {
  const apiKey = options.apiKey ?? `sim_${randomBytes(24).toString("base64url")}`;
  const webhookSecret = options.webhookSecret ?? newWebhookSecret();
  const orders = new Map<string, Order>();
  const tries = new Map<string, number>();
  const requests = { place: 0, query: 0 };
  const requestIds = new Set<string | undefined>();
  let products: Offered[] = [];
  let balances = [{ available: { amount: 1_000_000, currency: "CNY" } }];
  let isCatalogueBroken = false;
  const sameCodes = makeCodes(10);
  const stopping = new AbortController();
  let callbackUrl: string | undefined;
  let charge: Charge | undefined;

  const pause = (ms: number) => sleep(ms, undefined, { ref: false, signal: stopping.signal });

  /** Goes on after the answer. Only stopping ends it early; anything else is a mistake in here and shall be seen. */
  function later(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      if (!stopping.signal.aborted) throw error;
    });
  }

  async function callBack(order: Order): Promise<void> {
    if (callbackUrl === undefined) return;
    const event = orderUpdated(order);
    order.lastCallback = await postUntilTaken(callbackUrl, () => sign(event, webhookSecret), stopping.signal);
  }

  async function replay(reference: string): Promise<number | undefined> {
    const callback = byReference(reference)?.lastCallback;
    return callback && callbackUrl ? post(callbackUrl, callback, stopping.signal) : undefined;
  }

  async function forge(reference: string, state: string): Promise<number | undefined> {
    const id = byReference(reference)?.id ?? "ord_forged";
    const callback = sign(orderUpdated({ id, reference, state }), newWebhookSecret());
    return callbackUrl ? post(callbackUrl, callback, stopping.signal) : undefined;
  }

  function byReference(reference: string): Order | undefined {
    return [...orders.values()].find((order) => order.reference === reference);
  }

  async function place(request: IncomingMessage, response: ServerResponse): Promise<Result> {
    requests.place += 1;
    const idempotencyKey = header(request, "idempotency-key");
    if (!idempotencyKey || idempotencyKey.length > 255) return { status: 400, code: "idempotency_key_required" };
    const body = await read(request);
    if (body === undefined) return { status: 400, code: "unreadable_body" };
    const parsed = placeSchema.safeParse(json(body));
    if (!parsed.success) return { status: 400, code: "invalid_request" };

    const known = orders.get(idempotencyKey);
    if (known) return known.body === body ? created(known) : { status: 422, code: "idempotency_key_reused" };
    const [line] = parsed.data.lines;
    if (line === undefined || line.productId === unknownProductId) return { status: 404, code: "product_not_found" };

    const account = line.recipient?.account;
    const { behaviour, n } = readMagic(account ?? line.productId);
    const earlierTries = tries.get(idempotencyKey) ?? 0;
    tries.set(idempotencyKey, earlierTries + 1);

    const accept = (): Order => {
      const asked = charge ?? products.find(({ id }) => id === line.productId)?.price;
      const order: Order = {
        ...(asked === undefined ? {} : { charge: asked }),
        id: `ord_${randomBytes(8).toString("hex")}`,
        reference: parsed.data.reference ?? idempotencyKey,
        productId: line.productId,
        quantity: line.quantity,
        account,
        state: "fulfilling",
        deliveries: 0,
        delivered: 0,
        codes: [],
        idempotencyKey,
        body,
      };
      orders.set(idempotencyKey, order);
      return order;
    };
    const { quantity } = line;
    const placing = { n, earlierTries, quantity, sameCodes, response, accept, pause, later, callBack, replay, forge };
    return behaviours(placing)[behaviour]();
  }

  function query(url: URL): Answer | Problem {
    requests.query += 1;
    const [, id, goods] = /^\/v1\/orders\/([^/]+)(\/deliverables)?$/.exec(url.pathname) ?? [];
    if (id !== undefined) {
      const order = [...orders.values()].find((candidate) => candidate.id === id);
      if (order === undefined) return { status: 404, code: "order_not_found" };
      if (goods !== undefined) return deliverables(order, url.searchParams.get("cursor"));
      return { status: 200, body: shown(order) };
    }
    const key = url.searchParams.get("idempotencyKey");
    const data = [...orders.values()].filter((order) => key === null || order.idempotencyKey === key).map(shown);
    return { status: 200, body: { data, nextCursor: null } };
  }

  async function control(request: IncomingMessage, path: string): Promise<Answer | Problem> {
    if (request.method === "GET" && path === "orders") return { status: 200, body: { data: delivered() } };
    const input = z.record(z.string(), z.string()).safeParse(json((await read(request)) ?? ""));
    if (request.method !== "POST" || !input.success) return { status: 400, code: "invalid_request" };
    const { url, reference = "", state = "fulfilled" } = input.data;
    switch (path) {
      case "callback-url":
        callbackUrl = url;
        return { status: 200, body: { url } };
      case "replay":
        return { status: 200, body: { status: await replay(reference) } };
      case "forge":
        return { status: 200, body: { status: await forge(reference, state) } };
      default:
        return { status: 404, code: "not_found" };
    }
  }

  async function answerTo(request: IncomingMessage, response: ServerResponse): Promise<Result> {
    const url = new URL(request.url ?? "/", "http://simulator");
    if (url.pathname.startsWith("/_simulator/")) return control(request, url.pathname.slice("/_simulator/".length));
    if (header(request, "authorization") !== `Bearer ${apiKey}`) return { status: 401, code: "unauthorized" };
    requestIds.add(header(request, "x-request-id"));
    if (request.method === "POST" && url.pathname === "/v1/orders") return place(request, response);
    if (request.method === "GET" && /^\/v1\/orders(\/|$)/.test(url.pathname)) return query(url);
    if (request.method === "GET" && url.pathname === "/v1/products")
      return isCatalogueBroken ? { status: 503, code: "unavailable" } : { status: 200, body: catalogue(url) };
    if (request.method === "GET" && url.pathname === "/v1/account") return { status: 200, body: { balances } };
    return { status: 404, code: "not_found" };
  }

  /** Three products to a page, so that there are several. */
  function catalogue(url: URL): object {
    const from = Number(url.searchParams.get("cursor") ?? 0);
    const to = from + 3;
    const data = products.slice(from, to).map((product) => ({ kind: "code", ...product }));
    return { data, nextCursor: to < products.length ? String(to) : null };
  }

  function delivered(): DeliveredOrder[] {
    return [...orders.values()].map(
      ({ idempotencyKey: _key, body: _body, lastCallback: _last, charge: _charge, ...order }) => order,
    );
  }

  const server = createServer((request, response) => {
    later(async () => {
      const answer = await answerTo(request, response);
      if (answer !== "silence") write(response, answer);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve);
  });

  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    apiKey,
    webhookSecret,
    setCallbackUrl(url: string | undefined): void {
      callbackUrl = url;
    },
    /** What its catalogue says from now on, and what our balance there is. */
    offer(...offered: Offered[]): void {
      products = offered;
    },
    /** From now on its catalogue can't be read; all else can. */
    breakCatalogue(): void {
      isCatalogueBroken = true;
    },
    /** What it charges for one piece from now on, whatever its catalogue says. */
    setCharge(amount: unknown, currency = "CNY"): void {
      charge = { amount, currency };
    },
    setBalance(amount: number): void {
      balances = [{ available: { amount, currency: "CNY" } }];
    },
    /** Everything it knows, oldest first, by what it really delivered. */
    orders: delivered,
    /** Calls of each kind that carried the right key. */
    requests: () => ({ ...requests }),
    /** The X-Request-Ids of these calls, each once. */
    requestIds: () => [...requestIds],
    /** Takes back what it has delivered, and gives the money back. Says so by callback, where it has somewhere to say it. */
    async takeBack(reference: string): Promise<void> {
      const order = byReference(reference);
      if (order === undefined) throw new Error(`there is no order ${reference}`);
      order.state = "refunded";
      await callBack(order);
    },
    /** Sends an order's last callback again, byte for byte, its old headers included. The answer's status. */
    replay,
    /** Sends a callback that claims `state` and is signed with another key. The answer's status. */
    forge,
    async stop(): Promise<void> {
      stopping.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

if (import.meta.main) {
  const { url, apiKey, webhookSecret } = await startSupplierSimulator({ port: Number(process.argv[2] ?? 0) });
  process.stdout.write(`${JSON.stringify({ url, apiKey, webhookSecret })}\n`);
}
