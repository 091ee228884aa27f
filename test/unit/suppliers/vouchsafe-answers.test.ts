import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { adapterFor, needFor, serve } from "./support.ts";

const need = needFor("user-4711");
const order = { id: "ord_a", state: "fulfilled", reference: need.reference, lines: [], addedLater: { deep: true } };

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (response: ServerResponse) => {
    response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
  };
const placing = async (reply: (response: ServerResponse) => void) => adapterFor(await serve(reply), 300).place(need);
const asking = async (body: unknown) => adapterFor(await serve(json(200, body)), 300).query(need.reference);

const bomb = gzipSync(" ".repeat(8 * 1024 * 1024));

describe("the request", () => {
  it("is what the protocol says, and always the same for the same need", async () => {
    const { url, received } = await serve(json(201, order));
    const adapter = adapterFor({ url: `${url}/base/` });
    await adapter.place(need);
    await adapter.place(need);
    await adapter.query("a b&c");

    const [first, second, third] = received;
    expect(first).toMatchObject({ method: "POST", url: "/base/v1/orders" });
    expect(first?.headers).toMatchObject({ authorization: "Bearer sim_key", "idempotency-key": need.reference });
    expect(JSON.parse(first?.body ?? "")).toEqual({
      lines: [{ productId: "prod_topup", quantity: 1, recipient: { account: "user-4711" } }],
      payment: { method: "balance" },
      reference: need.reference,
    });
    expect(second?.body).toBe(first?.body);
    expect(third).toMatchObject({ method: "GET", url: "/base/v1/orders?idempotencyKey=a%20b%26c", body: "" });
  });

  it("names no recipient where there is none", async () => {
    const { url, received } = await serve(json(201, order));
    await adapterFor({ url }).place({ reference: need.reference, supplierProductId: "prod_x", quantity: 3 });
    expect(JSON.parse(received[0]?.body ?? "")).toMatchObject({ lines: [{ productId: "prod_x", quantity: 3 }] });
    expect(received[0]?.body).not.toContain("recipient");
  });

  it("doesn't follow a redirect with the key in its hand", async () => {
    const elsewhere = await serve(json(201, order));
    const outcome = await placing(json(307, "", { location: `${elsewhere.url}/v1/orders` }));
    expect(outcome).toEqual({ kind: "unknown", reason: "http_307" });
    expect(elsewhere.received).toEqual([]);
  });
});

describe("a state over there", () => {
  it.each([
    ["fulfilled", { kind: "fulfilled", supplierOrderId: "ord_a" }],
    ["awaiting_payment", { kind: "accepted", supplierOrderId: "ord_a" }],
    ["fulfilling", { kind: "accepted", supplierOrderId: "ord_a" }],
    ["review", { kind: "accepted", supplierOrderId: "ord_a" }],
    ["cancelled", { kind: "rejected", reason: "cancelled", supplierOrderId: "ord_a" }],
    ["expired", { kind: "rejected", reason: "expired", supplierOrderId: "ord_a" }],
    ["refunding", { kind: "rejected", reason: "refunding", supplierOrderId: "ord_a" }],
    ["refunded", { kind: "rejected", reason: "refunded", supplierOrderId: "ord_a" }],
    ["partly_fulfilled", { kind: "unknown", reason: "partly_fulfilled" }],
    ["invented_since", { kind: "unknown", reason: "unreadable_answer" }],
  ])("of %s means the same whether placing or asking", async (state, outcome) => {
    expect(await placing(json(201, { ...order, state }))).toEqual(outcome);
    expect(await asking({ data: [{ ...order, state }], nextCursor: null })).toEqual(outcome);
  });
});

describe("an answer that can't be understood is unknown, never a yes and never a no", () => {
  it.each([
    ["a page for people", json(201, "<html>ok</html>"), "web_page"],
    ["no JSON", json(201, "ok"), "unreadable_answer"],
    ["nothing", json(201, ""), "empty_answer"],
    ["JSON of another shape", json(201, [order]), "unreadable_answer"],
    ["an id that is no id", json(201, { ...order, id: "ord_a\nlevel=error" }), "unreadable_answer"],
    ["no reference", json(201, { ...order, reference: undefined }), "unreadable_answer"],
    ["somebody else's order", json(201, { ...order, reference: "ord_other-1-1" }), "other_reference"],
    ["a status that promises less", json(202, order), "http_202"],
    ["more than a megabyte", json(201, { ...order, pad: "x".repeat(1024 * 1024) }), "answer_too_large"],
    [
      "a few kilobytes that unpack to more than a megabyte",
      (response: ServerResponse) => response.writeHead(201, { "content-encoding": "gzip" }).end(bomb),
      "answer_too_large",
    ],
    [
      "a body that never ends",
      (response: ServerResponse) => response.writeHead(201).write(JSON.stringify(order)),
      "timed_out",
    ],
    [
      "a body that breaks off",
      (response: ServerResponse) => {
        response.writeHead(201, { "content-length": "9999" }).write("{");
        setTimeout(() => response.destroy(), 20);
      },
      "connection_lost",
    ],
    ["a 404 by somebody in between", json(404, "<html>parked</html>"), "unreadable_answer"],
    ["a conflict without a code", json(409, { title: "Conflict" }), "unreadable_answer"],
    ["a code that isn't one", json(409, { code: "Konto 138 gesperrt" }), "unreadable_answer"],
    ["a teapot", json(418, { code: "teapot" }), "http_418"],
    ["a gateway's time-out", json(504, "late"), "http_504"],
  ])("placing: %s", async (_what, reply, reason) => {
    expect(await placing(reply)).toEqual({ kind: "unknown", reason });
  });

  it.each([
    ["a list without a cursor", { data: [] }, "unreadable_answer"],
    ["an empty page with more to come", { data: [], nextCursor: "x" }, "ambiguous_answer"],
    ["a list that wasn't filtered", { data: [order, { ...order, id: "ord_b" }], nextCursor: null }, "ambiguous_answer"],
    ["somebody else's order", { data: [{ ...order, reference: "x" }], nextCursor: null }, "other_reference"],
    ["an order instead of a list", order, "unreadable_answer"],
    ["no JSON", "[", "unreadable_answer"],
  ])("asking: %s", async (_what, body, reason) => {
    expect(await asking(body)).toEqual({ kind: "unknown", reason });
  });

  it("asking: no 404 and no throttling becomes a never heard", async () => {
    for (const status of [404, 429, 500]) {
      const adapter = adapterFor(await serve(json(status, { code: "not_found" })));
      expect(await adapter.query(need.reference)).toEqual({ kind: "unknown", reason: `http_${status}` });
    }
  });
});

describe("being told to wait", () => {
  it.each([
    ["7", { retryAfterSeconds: 7 }],
    ["99999999", { retryAfterSeconds: 3600 }],
    ["Wed, 21 Oct 2026 07:28:00 GMT", {}],
    ["-1", {}],
  ])("%s is taken with measure", async (header, wait) => {
    const outcome = await placing(json(429, "", { "retry-after": header }));
    expect(outcome).toEqual({ kind: "not_sent", reason: "throttled", ...wait });
  });

  it("doesn't need the body to be understood", async () => {
    const outcome = await placing((response) => response.writeHead(429).write("{"));
    expect(outcome).toEqual({ kind: "not_sent", reason: "throttled" });
  });
});
