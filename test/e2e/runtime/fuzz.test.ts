import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { operations as operator } from "../../../functions/operator/operations.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { expectNoInternals } from "../../support/orders/refusals.ts";
import {
  available,
  countStock,
  http,
  type Json,
  openShop,
  order,
  type Shop,
  stockProduct,
  tryToOperate,
} from "../../support/orders/shop.ts";
import { type Described, type Document, mismatch, operationsOf, readDocument } from "../../support/runtime/openapi.ts";
import { sized } from "../../support/size.ts";

// Whatever is sent, the answer is one that the document describes: never a 5xx, never the inside turned out.

const stack = deployedStack();
const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 2 ** 31);
const CASES = sized("fuzzCases");
/** Ten requests a second are what a busy machine with two cores answers. */
const AT_ONCE = 5;

let document: Document;
let shop: Shop;
let productId: string;
let orderId: string;
const DEPOSIT = 10_000_000;

beforeAll(async () => {
  [document, shop, { productId }] = await Promise.all([
    readDocument(stack),
    openShop(DEPOSIT),
    stockProduct(stack, 60, 100),
  ]);
  orderId = (await order(shop, [{ productId, quantity: 1 }])).body.id;
});

const oddText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.constantFrom(
    "",
    " ",
    "null",
    "__proto__",
    "constructor",
    "../../..",
    "%00",
    "' OR 1=1 --",
    "${7*7}",
    "x".repeat(300),
  ),
);
const oddNumber = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, -0, -1, 1e21, Number.MAX_SAFE_INTEGER));
const odd: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  oddNumber,
  fc.constantFrom(null, true, [], {}),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Mostly as it should be, now and then odd. */
const mostly = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: odd });

/** Members as they should be, odd, left out, or too many. */
const mostlyRecord = (members: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> => {
  const some = Object.fromEntries(Object.entries(members).map(([name, member]) => [name, mostly(member)]));
  const whole = fc.record(some, { requiredKeys: [] }) as fc.Arbitrary<object>;
  const extra = fc.oneof(
    { weight: 6, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.dictionary(oddText, odd, { maxKeys: 2 }) },
  );
  return fc.tuple(whole, extra).map(([whole, extra]) => ({ ...whole, ...extra }));
};

const money = mostlyRecord({ amount: fc.integer({ min: 1, max: 10_000 }), currency: fc.constantFrom("CNY", "USD") });
const line = mostlyRecord({
  productId: fc.constantFrom("PRODUCT", `prod_${"0".repeat(26)}`),
  quantity: fc.integer({ min: 1, max: 3 }),
  recipient: mostlyRecord({ account: oddText }),
});
const bodies = mostlyRecord({
  lines: fc.array(line, { minLength: 1, maxLength: 3 }),
  payment: fc.constant({ method: "balance" }),
  reference: oddText,
  maxTotal: money,
  metadata: fc.dictionary(oddText, oddText, { maxKeys: 4 }),
});
const soundOrders = fc.record({
  lines: fc.array(fc.record({ productId: fc.constant("PRODUCT"), quantity: fc.integer({ min: 1, max: 2 }) }), {
    minLength: 1,
    maxLength: 2,
  }),
  payment: fc.constant({ method: "balance" }),
  metadata: fc.dictionary(fc.string({ minLength: 1, maxLength: 40 }), fc.string({ unit: "grapheme" }), { maxKeys: 3 }),
});

type Asked = {
  operation: string;
  id: string;
  query: Record<string, string>;
  body: unknown;
  raw: string | undefined;
  type: string | undefined;
  key: string;
};

/** Nothing, mostly. */
const rarely = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string | undefined> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const types = fc.constantFrom(
  "text/plain",
  "application/json; charset=utf-16",
  "application/json;;",
  "application/json",
);

const asked = (operations: readonly string[]): fc.Arbitrary<Asked> =>
  fc.record({
    operation: fc.constantFrom(...operations),
    id: fc.oneof({ weight: 3, arbitrary: fc.constantFrom("ORDER", "PRODUCT") }, { weight: 1, arbitrary: oddText }),
    query: fc.dictionary(
      fc.oneof({ weight: 5, arbitrary: fc.constantFrom("limit", "cursor") }, { weight: 1, arbitrary: oddText }),
      fc.oneof(oddText, fc.integer({ min: 1, max: 100 }).map(String)),
      { maxKeys: 2 },
    ),
    body: fc.oneof(
      { weight: 3, arbitrary: soundOrders },
      { weight: 4, arbitrary: bodies },
      { weight: 1, arbitrary: odd },
    ),
    raw: rarely(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("", "{", '{"lines":'.repeat(9000)))),
    type: rarely(types),
    key: fc.oneof({ weight: 9, arbitrary: fc.uuid() }, { weight: 1, arbitrary: fc.string({ maxLength: 300 }) }),
  });

/** Ids that a generator can't know are put in where it says so. */
const known = (text: string): string => text.replaceAll('"PRODUCT"', `"${productId}"`);
const addressOf = ({ path }: { path: string }, { id, query }: Asked): string => {
  const named = id === "ORDER" ? orderId : id === "PRODUCT" ? productId : id;
  // A step that is only dots never leaves the client, and an empty one is another address.
  const step = /^\.{0,2}$/.test(named.toWellFormed()) ? "x" : encodeURIComponent(named.toWellFormed());
  const search = Object.entries(query).map(([name, value]) =>
    [name, value].map((text) => encodeURIComponent(text.toWellFormed())).join("="),
  );
  return `${path.replaceAll(/\{\w+\}/g, step)}${search.length === 0 ? "" : `?${search.join("&")}`}`;
};

async function tell(described: Described, ask: Asked): Promise<string[]> {
  const address = addressOf(described, ask);
  const content = described.method === "POST" ? { raw: ask.raw ?? known(JSON.stringify(ask.body)) } : {};
  const headers = { "Content-Type": ask.type ?? "application/json", "Idempotency-Key": ask.key.trim() };
  const answer = await http(stack, described.method, address, { key: shop.key, headers, ...content });
  const wrong = answer.status >= 500 ? [`${answer.status}`] : mismatch(document, described, answer);
  // "%2F" is a slash again before the gateway looks for a route, so this was another address.
  const elsewhere = answer.status === 404 && answer.body?.code === "not_found" && /%2F|%3F|%23/i.test(address);
  if (answer.status >= 400) expectNoInternals(answer.text);
  return elsewhere ? [] : wrong.map((what) => `${described.method} ${address}: ${what}`);
}

const properties = { seed, numRuns: CASES, endOnFailure: false };

test(`anything that a channel may send is answered as described (FUZZ_SEED=${seed})`, async () => {
  process.stdout.write(`fuzz: FUZZ_SEED=${seed}, ${CASES * AT_ONCE} requests to the storefront API\n`);
  const described = operationsOf(document).filter(({ operationId }) => operationId !== "getOpenapi");
  const names = described.flatMap(({ operationId }) =>
    operationId === "placeOrder" ? Array.from({ length: 6 }, () => operationId) : [operationId],
  );
  const seen = new Map<string, number>();
  const several = fc.array(asked(names), { minLength: AT_ONCE, maxLength: AT_ONCE });
  await fc.assert(
    fc.asyncProperty(several, async (asks) => {
      const wrong = await Promise.all(
        asks.map((ask) => {
          seen.set(ask.operation, (seen.get(ask.operation) ?? 0) + 1);
          return tell(described.find(({ operationId }) => operationId === ask.operation) as Described, ask);
        }),
      );
      expect(wrong.flat()).toEqual([]);
    }),
    properties,
  );
  expect([...seen.keys()].toSorted()).toEqual(described.map(({ operationId }) => operationId).toSorted());

  // All that money and codes still add up: every code sold was paid for, at its price.
  const { sold } = await countStock(stack, productId);
  expect(sold).toBeGreaterThan(1);
  expect(await available(shop)).toBe(DEPOSIT - sold * 100);
});

test(`anything that an operator may send is answered with JSON and no 5xx (FUZZ_SEED=${seed})`, async () => {
  const names = Object.keys(operator) as (keyof typeof operator)[];
  await fc.assert(
    fc.asyncProperty(asked(names), odd, async (ask, body) => {
      const operation = operator[ask.operation as keyof typeof operator];
      const path = addressOf({ path: operation.path }, { ...ask, query: {} });
      const content = "text" in operation ? { csv: ask.raw ?? "secret\n" } : { json: body };
      const call = { method: operation.method, path, ...(operation.method === "POST" ? content : {}) };
      const answer = await tryToOperate(stack, call);
      expect([call, answer.status < 500 ? "fine" : answer]).toEqual([call, "fine"]);
      expect(answer.body).toBeTypeOf("object");
      const { code, message } = answer.body as Json;
      expect(answer.ok ? "fine" : (code ?? message)).toBeTypeOf("string");
    }),
    { ...properties, numRuns: CASES * 2 },
  );
});
