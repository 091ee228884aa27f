import { beforeAll, describe, expect, test } from "vitest";
import type { ProblemCode } from "../../../shared/kernel/problem.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { expectUnmoved, sendBytes, topupProduct } from "../../support/orders/refusals.ts";
import { type HttpAnswer, http, openShop, order, type Shop, stockProduct } from "../../support/orders/shop.ts";

// What a storefront engineer gets wrong, and what an attacker tries: each is told precisely, and nothing is sold.

const stack = deployedStack();
const KB = 1024;

let shop: Shop;
let productId: string;
let topup: string;

beforeAll(async () => {
  const [opened, product, topupId] = await Promise.all([openShop(50_000), stockProduct(stack, 3), topupProduct(stack)]);
  shop = opened;
  productId = product.productId;
  topup = topupId;
});

const line = (more: object = {}) => ({ productId, quantity: 1, ...more });
const body = (more: object = {}) => ({ lines: [line()], payment: { method: "balance" }, ...more });

const post = (content: { json?: unknown; raw?: string }, headers: Record<string, string> = {}): Promise<HttpAnswer> => {
  const all = { "Idempotency-Key": crypto.randomUUID(), "Content-Type": "application/json", ...headers };
  return http(stack, "POST", "/v1/orders", { key: shop.key, ...content, headers: all });
};

type Case = [what: string, json: () => unknown, ...pointers: string[]];

const wrongBodies: Case[] = [
  ["nothing but an empty object", () => ({}), "/lines", "/payment"],
  ["a list", () => [body()], ""],
  ["null", () => null, ""],
  ["a string", () => "buy", ""],
  ["no lines", () => body({ lines: [] }), "/lines"],
  ["lines that are no list", () => body({ lines: { 0: line() } }), "/lines"],
  ["eleven lines", () => body({ lines: Array.from({ length: 11 }, () => line()) }), "/lines"],
  [
    "more than 100,000 pieces over all lines",
    () => body({ lines: [line({ quantity: 50_001 }), line({ quantity: 50_000 })] }),
    "/lines",
  ],
  [
    "a product twice, of more pieces than one request sells",
    () => body({ lines: [line({ quantity: 26 }), line({ quantity: 25 })] }),
    "/lines/1/productId",
  ],
  ["the quantity 0", () => body({ lines: [line({ quantity: 0 })] }), "/lines/0/quantity"],
  ["the quantity -1", () => body({ lines: [line({ quantity: -1 })] }), "/lines/0/quantity"],
  ["the quantity 1.5", () => body({ lines: [line({ quantity: 1.5 })] }), "/lines/0/quantity"],
  ["the quantity 10^9", () => body({ lines: [line({ quantity: 1e9 })] }), "/lines", "/lines/0/quantity"],
  ["the quantity 10^300", () => body({ lines: [line({ quantity: 1e300 })] }), "/lines", "/lines/0/quantity"],
  ['the quantity "1"', () => body({ lines: [line({ quantity: "1" })] }), "/lines/0/quantity"],
  ["the quantity true", () => body({ lines: [line({ quantity: true })] }), "/lines/0/quantity"],
  ["no quantity", () => body({ lines: [{ productId }] }), "/lines/0/quantity"],
  ["no product", () => body({ lines: [{ quantity: 1 }] }), "/lines/0/productId"],
  ["another kind of id for a product", () => body({ lines: [line({ productId: "1 OR 1=1" })] }), "/lines/0/productId"],
  ["an unknown field", () => body({ coupon: "FREE" }), "/coupon"],
  ["an unknown field in the second line", () => body({ lines: [line(), line({ price: 1 })] }), "/lines/1/price"],
  ["a field whose name needs escaping in a pointer", () => body({ "a/b~c": 1 }), "/a~1b~0c"],
  ["no payment", () => body({ payment: undefined }), "/payment"],
  ["a payment method that there is not", () => body({ payment: { method: "barter" } }), "/payment/method"],
  ["payment by checkout at nobody", () => body({ payment: { method: "checkout" } }), "/payment/provider"],
  [
    "payment by checkout at a provider that nobody knows",
    () => body({ payment: { method: "checkout", provider: "nobody" } }),
    "/payment/provider",
  ],
  ["an unknown field beside the payment method", () => body({ payment: { method: "balance", x: 1 } }), "/payment/x"],
  ["a maximum that is a fraction", () => body({ maxTotal: { amount: 0.5, currency: "CNY" } }), "/maxTotal/amount"],
  ["a maximum in no currency", () => body({ maxTotal: { amount: 1500 } }), "/maxTotal/currency"],
  ["a reference of 101 characters", () => body({ reference: "r".repeat(101) }), "/reference"],
  ["metadata that is not text", () => body({ metadata: { a: { b: 1 } } }), "/metadata/a"],
  [
    "21 entries of metadata",
    () => body({ metadata: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`k${n}`, ""])) }),
    "/metadata",
  ],
  [
    "an empty account",
    () => body({ lines: [{ productId: topup, quantity: 1, recipient: { account: " \t" } }] }),
    "/lines/0/recipient/account",
  ],
  [
    "an account of 201 characters",
    () => body({ lines: [{ productId: topup, quantity: 1, recipient: { account: "1".repeat(201) } }] }),
    "/lines/0/recipient/account",
  ],
  [
    "every line wrong",
    () => body({ lines: [line({ quantity: 0 }), line({ quantity: 100_001 })] }),
    "/lines",
    "/lines/0/quantity",
    "/lines/1/quantity",
  ],
];

const wrongJson: [what: string, raw: () => string, code: ProblemCode, ...pointers: string[]][] = [
  ["nothing", () => "", "invalid_json"],
  ["half of it", () => JSON.stringify(body()).slice(0, -1), "invalid_json"],
  ["two of it", () => JSON.stringify(body()).repeat(2), "invalid_json"],
  ["not JSON but JavaScript", () => `{lines:[],payment:{method:'balance'}}`, "invalid_json"],
  ["NaN for a quantity", () => JSON.stringify(body()).replace(/"quantity":1/, '"quantity":NaN'), "invalid_json"],
  ["100,000 brackets", () => "[".repeat(100_000), "invalid_json"],
  ["100,000 lists in each other", () => "[".repeat(100_000) + "]".repeat(100_000), "invalid_json"],
  ["a form", () => "lines=1&payment=balance", "invalid_json"],
  ["half a character for a value", () => JSON.stringify(body({ reference: "\ud83c" })), "invalid_json"],
  ["half a character for a name", () => JSON.stringify(body({ metadata: { "\udf81": "" } })), "invalid_json"],
  [
    "a __proto__ of its own",
    () => JSON.stringify(body()).replace("{", '{"__proto__":{"lines":[],"scopes":["codes:reveal"]},'),
    "invalid_request",
    "/__proto__",
  ],
  [
    "a __proto__ within a line",
    () => JSON.stringify(body()).replace('"quantity"', '"__proto__":{"quantity":0},"quantity"'),
    "invalid_request",
    "/lines/0/__proto__",
  ],
  [
    "a constructor",
    () => JSON.stringify(body({ constructor: { prototype: { admin: true } } })),
    "invalid_request",
    "/constructor",
  ],
];

describe("an order whose body is wrong is refused, says where, and sells nothing:", () => {
  test.concurrent.each(wrongBodies)("%s", async (_what, json, ...pointers) => {
    expect(await post({ json: json() })).toBeRefused("invalid_request", ...pointers);
  });

  test.concurrent.each(wrongJson)("%s", async (_what, raw, code, ...pointers) => {
    expect(await post({ raw: raw() })).toBeRefused(code, ...pointers);
  });

  // The gateway itself puts U+FFFD in the place of what is not UTF-8: such bytes never reach us as they were.
  test.concurrent("bytes that are not UTF-8", async () => {
    const send = (text: string) => sendBytes(shop, "/v1/orders", new Uint8Array(Buffer.from(text, "latin1")));
    expect(await send(`\xff${JSON.stringify(body())}`)).toBeRefused("invalid_json");
    const odd = JSON.stringify(body({ lines: [line({ productId: "prod_\xe9" })] }));
    expect(await send(odd)).toBeRefused("invalid_request", "/lines/0/productId");
  });

  test.concurrent.each([300 * KB, 2048 * KB])("a body of %d bytes", async (size) => {
    expect(await post({ json: body({ reference: "x".repeat(size) }) })).toBeRefused("body_too_large");
  });

  test.concurrent("a body just as large as allowed is read, and then refused for what it says", async () => {
    const empty = JSON.stringify(body({ reference: "" }));
    const raw = empty.replace('"reference":""', `"reference":"${"x".repeat(256 * KB - empty.length)}"`);
    expect(raw).toHaveLength(256 * KB);
    expect(await post({ raw })).toBeRefused("invalid_request", "/reference");
    expect(await post({ raw: `${raw} ` })).toBeRefused("body_too_large");
  });

  test.concurrent.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/jsonp",
    "multipart/form-data; boundary=x",
  ])("as %s", async (type) => {
    expect(await post({ json: body() }, { "Content-Type": type })).toBeRefused("unsupported_media_type");
  });

  test.concurrent("a pointer never repeats at length what was sent", async () => {
    const answer = await post({ json: body({ ["k".repeat(5000)]: 1, metadata: { ["m".repeat(5000)]: "v" } }) });
    expect(answer.status).toBe(400);
    expect(answer.text.length).toBeLessThan(1000);
  });

  test("and after all of these the shop has its money, the product its codes", async () => {
    await expectUnmoved(shop, [productId], async () => {
      const answers = await Promise.all(wrongBodies.slice(0, 10).map(([, json]) => post({ json: json() })));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 400));
    });
    const bought = await order(shop, [line({ quantity: 3 })]);
    expect(bought.status).toBe(201);
    expect((await http(stack, "GET", "/v1/orders", { key: shop.key })).body.data).toHaveLength(1);
    expect((await http(stack, "GET", "/v1/account", { key: shop.key })).body.balances[0].available.amount).toBe(45_500);
  });
});

test("odd but honest text arrives as it was sent", async () => {
  const honest = await openShop(5000);
  const { productId } = await stockProduct(stack, 1);
  const metadata = { toString: "x", constructor: "y", "a/b~c": "\u0000\u202e\ud83c\udf81", " ": "" };
  const bought = await order(honest, [{ productId, quantity: 1 }], undefined, {
    metadata,
    reference: "引用 №1",
  });
  expect(bought.status).toBe(201);
  const read = await http(stack, "GET", `/v1/orders/${bought.body.id}`, { key: honest.key });
  expect(read.body).toMatchObject({ metadata, reference: "引用 №1" });
});
