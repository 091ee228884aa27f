import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Problem } from "./problems.ts";
import { type ListedPage, orderedPage, refusedPage, shopPage } from "./sample-shop-pages.ts";

/** What a shop needs to know: where the API is, a key with `catalog:read`, `orders:write` and `links:write`, and how buyers pay. */
export type ShopSettings = { apiUrl: string; apiKey: string; provider: string };

/** What the API answers to an order, as far as a shop looks at it. */
type Placed = { id: string; deliveryUrl?: string; payment?: { url?: string } };
type Answer<T> = { ok: true; value: T } | { ok: false; why: string };

const LARGEST_FORM = 10_000;

/**
 * Serves a shop of one page: it lists products, has buyers pay at a payment provider, and sends them to the page of their order. It is what
 * a storefront of one's own would begin with, and keeps nothing that a restart would lose but the way back from an unfinished payment.
 */
export async function startSampleShop(settings: ShopSettings): Promise<{ url: string; stop: () => void }> {
  /** Where a buyer goes who comes back from paying: by a name that nobody guesses, because the page shows what was bought. */
  const ways = new Map<string, string>();
  const server = createServer((request, response) => {
    const send = (status: number, body: string): unknown =>
      response.writeHead(status, { ...HEADERS, "Content-Type": "text/html; charset=utf-8" }).end(body);
    const goTo = (location: string): unknown => response.writeHead(303, { ...HEADERS, Location: location }).end();
    void serve(request)
      .then(({ status = 200, body, location }) => (location === undefined ? send(status, body ?? "") : goTo(location)))
      .catch(() => send(502, refusedPage("The shop can't reach its supplier of goods. Please try again.")));
  });

  async function serve(request: IncomingMessage): Promise<{ status?: number; body?: string; location?: string }> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://shop.invalid");
    const [, way = ""] = /^\/back\/([\w-]+)$/.exec(pathname) ?? [];
    if (request.method === "POST" && pathname === "/buy") return buy(await formOf(request));
    if (request.method !== "GET") return { status: 405, body: refusedPage("This page can only be looked at.") };
    if (pathname === "/") return { body: shopPage(await products(searchParams.get("after")), randomUUID()) };
    const location = ways.get(way);
    return location === undefined ? { status: 404, body: refusedPage("There is no such page.") } : { location };
  }

  /** Reads a page of the products. `after`: the cursor of the page before. */
  async function products(after: string | null): Promise<ListedPage> {
    const listed = await call<ListedPage>(
      `/v1/products?${new URLSearchParams(after === null ? {} : { cursor: after })}`,
    );
    if (!listed.ok) throw new Problem(listed.why);
    return listed.value;
  }

  /** Places an order under the key that the form has brought: a second click places no second one. */
  async function buy(form: URLSearchParams): Promise<{ status?: number; body?: string; location?: string }> {
    const [productId = "", key = "", account = "", email = ""] = ["product", "key", "account", "email"].map(
      (name) => form.get(name)?.trim() ?? "",
    );
    const way = randomUUID();
    const placed = await call<Placed>("/v1/orders", key, {
      lines: [{ productId, quantity: 1, ...(account === "" ? {} : { recipient: { account } }) }],
      payment: { method: "checkout", provider: settings.provider, returnUrl: `${urlOf()}/back/${way}` },
      ...(email === "" ? {} : { contact: { email } }),
    });
    if (!placed.ok) return { status: 409, body: refusedPage(placed.why) };
    const { id, deliveryUrl, payment } = placed.value;
    if (deliveryUrl === undefined)
      throw new Problem("The shop's key may not give its buyers links: it needs links:write.");
    ways.set(way, deliveryUrl);
    return payment?.url === undefined ? { body: orderedPage(id, deliveryUrl) } : { location: payment.url };
  }

  async function call<T>(path: string, key?: string, body?: object): Promise<Answer<T>> {
    const answer = await fetch(`${settings.apiUrl}${path}`, {
      headers: {
        Authorization: `Bearer ${settings.apiKey}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json", "Idempotency-Key": key ?? "" }),
      },
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    });
    const said = (await answer.json()) as T & { detail?: string };
    return answer.ok ? { ok: true, value: said } : { ok: false, why: said.detail ?? "That did not work." };
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const urlOf = (): string => `http://127.0.0.1:${port}`;
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: urlOf(), stop };
}

const HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy":
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "same-origin",
};

/** Reads a form that our own page has sent. Anything else is an empty one, which buys nothing. */
async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const isOurs = (request.headers["sec-fetch-site"] ?? "same-origin") === "same-origin";
  const isShort = Number(request.headers["content-length"] ?? Number.POSITIVE_INFINITY) <= LARGEST_FORM;
  return new URLSearchParams(isOurs && isShort ? await text(request) : "");
}
