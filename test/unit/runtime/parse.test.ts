import { gzipSync } from "node:zlib";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { cursorFrom, cursorTo } from "../../../functions/runtime/cursor.ts";
import type { Operation } from "../../../functions/runtime/operation.ts";
import { parseRequest } from "../../../functions/runtime/parse.ts";
import { operations } from "../../../functions/storefront/operations.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { counterexample } from "../../support/properties.ts";

type Sent = {
  body?: string;
  base64?: boolean;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  path?: Record<string, string>;
};

const event = ({ body, base64 = false, headers = {}, query, path }: Sent): APIGatewayProxyEventV2 =>
  ({
    body,
    isBase64Encoded: base64,
    headers: { "content-type": "application/json", "idempotency-key": "key-1", ...headers },
    queryStringParameters: query,
    pathParameters: path,
    requestContext: { requestId: "req-1", http: { sourceIp: "192.0.2.1" } },
  }) as unknown as APIGatewayProxyEventV2;

const productId = `prod_${"0".repeat(20)}`;
const good = { lines: [{ productId, quantity: 1 }], payment: { method: "balance" } };

const parse = (sent: Sent, operation: Operation = operations.placeOrder) => parseRequest(operation, event(sent));
const send = (body: unknown) => parse({ body: JSON.stringify(body) });

function pointersOf(body: unknown): string[] {
  const parsed = send(body);
  if (parsed.ok) throw new Error("it was taken");
  return (parsed.errors ?? []).map(({ pointer }) => pointer);
}

describe("a request", () => {
  it("is taken as it was meant", () => {
    expect(send(good)).toMatchObject({ ok: true, value: { body: good, idempotencyKey: "key-1", requestId: "req-1" } });
  });

  it("may come base64-encoded, as gateways send it", () => {
    expect(parse({ body: Buffer.from(JSON.stringify(good)).toString("base64"), base64: true }).ok).toBe(true);
  });

  it("may name its character set", () => {
    expect(
      parse({ body: JSON.stringify(good), headers: { "content-type": "Application/JSON; charset=utf-8" } }).ok,
    ).toBe(true);
  });

  it.each([
    ["a byte order mark", { body: `\ufeff${JSON.stringify(good)}` }, "invalid_json", "byte order mark"],
    ["gzip by name", { body: "x", headers: { "content-encoding": "gzip" } }, "unsupported_media_type", "compressed"],
    [
      "gzip without a name",
      { body: gzipSync("{}").toString("base64"), base64: true },
      "unsupported_media_type",
      "compressed",
    ],
  ])("is refused for %s, as what it is", (_what, sent, code, detail) => {
    const refused = parse(sent);
    expect(refused).toMatchObject({ ok: false, code, detail: expect.stringContaining(detail) });
  });

  it.each([
    ["no body", {}, "invalid_json"],
    ["no JSON", { body: "lines=1" }, "invalid_json"],
    ["half of it", { body: '{"lines": [' }, "invalid_json"],
    ["another type", { body: "{}", headers: { "content-type": "text/plain" } }, "unsupported_media_type"],
    ["no type", { body: "{}", headers: { "content-type": "" } }, "unsupported_media_type"],
    [
      "bytes that are no UTF-8",
      { body: Buffer.from([0x22, 0xff, 0x22]).toString("base64"), base64: true },
      "invalid_request",
    ],
    ["a byte too many", { body: " ".repeat(LIMITS.jsonBodyBytes + 1) }, "body_too_large"],
    ["few characters of many bytes", { body: "码".repeat(LIMITS.jsonBodyBytes / 3 + 1) }, "body_too_large"],
    ["no idempotency key", { body: "{}", headers: { "idempotency-key": "" } }, "idempotency_key_missing"],
    ["too long an idempotency key", { body: "{}", headers: { "idempotency-key": "k".repeat(256) } }, "invalid_request"],
    ["an idempotency key with a line break", { body: "{}", headers: { "idempotency-key": "a\nb" } }, "invalid_request"],
    ["an idempotency key beyond ASCII", { body: "{}", headers: { "idempotency-key": "schlüssel" } }, "invalid_request"],
  ])("with %s is refused", (_what, sent, code) => {
    expect(parse(sent)).toMatchObject({ ok: false, code });
  });

  it("may have a body that nobody asks for, whatever it is", () => {
    const order = { orderId: "ord_1" };
    const huge = { path: order, body: "x".repeat(LIMITS.jsonBodyBytes + 1), headers: { "content-type": "text/plain" } };
    expect(parse(huge, operations.cancelOrder)).toMatchObject({ ok: true, value: { params: order, text: "" } });
  });

  it("may have the longest idempotency key there is", () => {
    const key = "k".repeat(LIMITS.idempotencyKeyLength);
    expect(parse({ body: JSON.stringify(good), headers: { "idempotency-key": key } }).ok).toBe(true);
  });
});

describe("what is wrong with a request is pointed at", () => {
  it.each([
    ["an unknown field", { ...good, discount: 1 }, ["/discount"]],
    ["an unknown field deep inside", { ...good, lines: [{ productId, quantity: 1, price: 1 }] }, ["/lines/0/price"]],
    [
      "a slash and a tilde in a name, as RFC 6901 writes them",
      { ...good, metadata: { "a/b~c": 1 } },
      ["/metadata/a~1b~0c"],
    ],
    ["a missing field", { lines: good.lines }, ["/payment"]],
    [
      "several fields at once",
      { lines: [{ productId: "x", quantity: 0 }], payment: { method: "cash" } },
      ["/lines/0/productId", "/lines/0/quantity", "/payment/method"],
    ],
    ["too many lines", { ...good, lines: Array.from({ length: 11 }, () => good.lines[0]) }, ["/lines"]],
    [
      "too many pieces over all lines",
      { ...good, lines: [1, 2].map(() => ({ productId, quantity: 50_001 })) },
      ["/lines"],
    ],
    ["a fraction", { ...good, lines: [{ productId, quantity: 1.5 }] }, ["/lines/0/quantity"]],
    ["a list where an object should be", [], [""]],
    ["null", null, [""]],
  ])("%s", (_what, body, pointers) => {
    expect(pointersOf(body)).toEqual(pointers);
  });

  it("in parameters and queries too", () => {
    expect(parse({ path: { orderId: "x".repeat(41) } }, operations.getOrder)).toMatchObject({
      errors: [{ pointer: "/path/orderId" }],
    });
    expect(parse({ query: { limit: "many", page: "2" } }, operations.listOrders)).toMatchObject({
      errors: [{ pointer: "/query/limit" }, { pointer: "/query/page" }],
    });
  });

  it.each([
    ["the form that a value is closest to", { supplierId: "sup_1" }, ["/source/supplierProductId"]],
    ["the value itself where it is as far from all of them", 5, ["/source"]],
  ])("where it may have several forms: %s", (_what, source, pointers) => {
    const forms = z.union([
      z.strictObject({ stock: z.literal(true) }),
      z.strictObject({ supplierId: z.string(), supplierProductId: z.string() }),
    ]);
    const operation = { ...operations.placeOrder, body: z.strictObject({ source: forms }) };
    const parsed = parse({ body: JSON.stringify({ source }) }, operation);
    expect(parsed).toMatchObject({ ok: false, errors: pointers.map((pointer) => ({ pointer })) });
  });

  it("without repeating what was sent: it may have been a code", () => {
    const code = "GIFT-1234-5678";
    const bodies = [
      { ...good, lines: [{ productId: code, quantity: code, recipient: { account: { code } } }] },
      { ...good, payment: { method: code } },
      { ...good, reference: [code], metadata: { note: { code } }, maxTotal: { amount: code, currency: code } },
    ];
    for (const body of bodies) expect(JSON.stringify(send(body))).not.toContain(code);
  });

  it("at most fifty times, and long names are cut", () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`${"x".repeat(100)}${index}`, 1]));
    const pointers = pointersOf({ ...good, ...many });
    expect(pointers).toHaveLength(50);
    expect(Math.max(...pointers.map((pointer) => pointer.length))).toBe(61);
  });
});

describe("names that JavaScript treats specially", () => {
  it.each(["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"])(
    "are unknown fields like any other: %s",
    (name) => {
      const parsed = parse({ body: `{"${name}": {"admin": true}, ${JSON.stringify(good).slice(1)}` });
      expect(parsed.ok).toBe(false);
      expect(({} as { admin?: boolean }).admin).toBeUndefined();
    },
  );

  it.each(["__proto__", "constructor"])("make no other value of metadata: %s", (name) => {
    const parsed = parse({ body: `{"metadata": {"${name}": "x"}, ${JSON.stringify(good).slice(1)}` });
    const taken = parsed.ok ? (parsed.value.body as { metadata: object }).metadata : {};
    expect(Object.getPrototypeOf(taken)).toBe(Object.prototype);
    expect(({} as { x?: string }).x).toBeUndefined();
  });
});

describe("whatever is sent", () => {
  it("parsing it never throws", () => {
    const anyBody = fc.oneof(
      fc.json(),
      fc.string({ unit: "binary" }),
      fc
        .record({ lines: fc.jsonValue(), payment: fc.jsonValue(), metadata: fc.jsonValue() })
        .map((body) => JSON.stringify(body)),
    );
    const isAnswered = fc.property(anyBody, fc.string(), fc.boolean(), (body, key, base64) => {
      const { ok } = parse({ body, base64, headers: { "idempotency-key": key } });
      return typeof ok === "boolean";
    });
    expect(counterexample(isAnswered, { numRuns: 500 })).toBeUndefined();
  });
});

describe("a cursor", () => {
  const shape = /^\d{1,6}$/;

  it("leads back to where the page ended", () => {
    expect(cursorFrom({ cursor: cursorTo("120") }, undefined, shape)).toEqual({ ok: true, value: "120" });
    expect(cursorTo(null)).toBeNull();
    expect(cursorFrom({}, undefined, shape)).toEqual({ ok: true, value: undefined });
  });

  it("is refused when it can't be one of ours", () => {
    const isOursOrRefused = fc.property(fc.string({ unit: "binary" }), (text) => {
      const read = cursorFrom({ cursor: text }, undefined, shape);
      return read.ok ? shape.test(read.value ?? "") : read.errors?.[0]?.pointer === "/query/cursor";
    });
    expect(counterexample(isOursOrRefused)).toBeUndefined();
  });
});

it("a body that is not JSON is as long as its own operation allows", () => {
  const upload: Operation = {
    method: "POST",
    path: "/",
    summary: "",
    text: { contentType: "text/csv", limit: 10 },
    answer: { status: 200, description: "", schema: z.unknown() },
    needs: {},
  };
  const csv = { "content-type": "text/csv" };
  expect(parse({ body: "1234567890", headers: csv }, upload)).toMatchObject({
    ok: true,
    value: { text: "1234567890" },
  });
  expect(parse({ body: "12345678901", headers: csv }, upload)).toMatchObject({ code: "body_too_large" });
  expect(parse({ body: "1", headers: {} }, upload)).toMatchObject({ code: "unsupported_media_type" });
});
