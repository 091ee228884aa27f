import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { NoAnswer, Problem, vouchsafe, webhookOf } from "../../../functions/storefront/client/client.ts";

type Played = { status: number; body?: unknown; headers?: Record<string, string> } | "broken";

/** A client of a shop that answers as told, one after the other; `asked` is what came to it. */
function shopThat(...answers: Played[]) {
  const asked: { method: string; url: string; key: string | null; body: string }[] = [];
  const fetch = async (request: string | URL | Request): Promise<Response> => {
    if (!(request instanceof Request)) throw new TypeError("the client sends requests");
    const { method, url, headers } = request;
    asked.push({ method, url, key: headers.get("idempotency-key"), body: await request.text() });
    const played = answers.shift() ?? "broken";
    if (played === "broken") throw new TypeError("fetch failed");
    const { status, body = {}, headers: more = {} } = played;
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers: more });
  };
  const client = vouchsafe({ apiUrl: "https://shop.example/", apiKey: "vs_key", firstPauseMs: 1, fetch });
  return { client, asked };
}

const problem = (status: number, code: string, more: object = {}): Played => ({
  status,
  body: { code, detail: "…", ...more },
});
const order = (client: ReturnType<typeof vouchsafe>, idempotencyKey?: string) =>
  client.call("placeOrder", {
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    body: { lines: [{ productId: "prod_1", quantity: 1 }], payment: { method: "balance" } },
  });

test("a call is repeated under one key while the shop is busy or does not answer", async () => {
  const { client, asked } = shopThat("broken", problem(503, "busy"), problem(429, "too_many_requests"), {
    status: 201,
    body: { id: "ord_1" },
  });
  expect(await order(client)).toEqual({ id: "ord_1" });
  expect(asked).toHaveLength(4);
  expect(new Set(asked.map(({ key, body, url }) => `${key} ${body} ${url}`)).size).toBe(1);
  expect(asked[0]).toMatchObject({ method: "POST", url: "https://shop.example/v1/orders" });
  expect(asked[0]?.key).toMatch(/^[0-9a-f-]{36}$/);
});

test("what is refused for itself is not repeated, and says why", async () => {
  const errors = [{ pointer: "/lines/0", message: "…" }];
  const { client, asked } = shopThat(problem(409, "sold_out", { errors }));
  const refused = await order(client, "order-1").catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Problem);
  expect(refused).toMatchObject({ status: 409, code: "sold_out", errors });
  expect(asked.map(({ key }) => key)).toEqual(["order-1"]);
});

test("whoever is told to wait long hears of it instead of waiting", async () => {
  const { client, asked } = shopThat({
    status: 429,
    body: { code: "quota_reached", detail: "…" },
    headers: { "retry-after": "3600" },
  });
  await expect(order(client)).rejects.toMatchObject({ code: "quota_reached", retryAfterSeconds: 3_600 });
  expect(asked).toHaveLength(1);
});

test.each<[string, Played[], number]>([
  ["nobody answers", ["broken", "broken", "broken", "broken", "broken"], 5],
  ["something before the shop answers", Array.from({ length: 5 }, () => ({ status: 504, body: "<html>" })), 5],
  ["the answer is cut", [{ status: 201, body: '{"id":"ord' }], 1],
  ["a gateway refuses in its own words", [{ status: 413, body: { message: "Request Too Long" } }], 1],
])("where %s, the error carries the key to ask again with", async (_, answers, times) => {
  const { client, asked } = shopThat(...answers);
  const failed = await order(client).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(NoAnswer);
  expect(asked).toHaveLength(times);
  expect(failed).toMatchObject({ idempotencyKey: asked[0]?.key });
});

test("a list is gone through page by page, also over an empty one, and names in paths and queries are encoded", async () => {
  const { client, asked } = shopThat(
    { status: 200, body: { data: [{ secret: "a" }], nextCursor: "c 1" } },
    { status: 200, body: { data: [], nextCursor: "c2" } },
    { status: 200, body: { data: [{ secret: "b" }], nextCursor: null } },
  );
  const found: string[] = [];
  for await (const { secret } of client.each("getDeliverables", { path: { orderId: "a/b" }, query: { limit: 1 } }))
    found.push(secret);
  expect(found).toEqual(["a", "b"]);
  const path = "https://shop.example/v1/orders/a%2Fb/deliverables?limit=1";
  expect(asked.map(({ url }) => url)).toEqual([path, `${path}&cursor=c+1`, `${path}&cursor=c2`]);
  expect(asked.map(({ key }) => key)).toEqual([null, null, null]);
});

test("a webhook's message is taken if its signature holds, and not if a letter of it was changed", () => {
  const secret = `whsec_${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`;
  const body = JSON.stringify({ type: "order.paid", timestamp: "2026-01-01T00:00:00.000Z", data: { id: "ord_1" } });
  const at = new Date();
  const headers = {
    "webhook-id": "msg_1",
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign("msg_1", at, body),
  };
  expect(webhookOf(secret, body, headers)).toMatchObject({ type: "order.paid", data: { id: "ord_1" } });
  expect(() => webhookOf(secret, body.replace("ord_1", "ord_2"), headers)).toThrow("No matching signature found");
});
