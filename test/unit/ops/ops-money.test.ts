import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { scriptedApi } from "../../support/ops/scripted-api.ts";

// What the command line says about amounts before it sends them.

let api: Awaited<ReturnType<typeof scriptedApi>>;
const created = "POST /admin/v1/products";
const named = ["products", "create", "--kind", "code", "--name", "N", "--currency", "CNY", "--price"];

beforeAll(async () => {
  api = await scriptedApi();
});
afterAll(() => api.close());
beforeEach(() => api.begin({ [created]: [{ body: {} }] }));

const stack = () => ["--stack", api.operator.stackFile];

test.each([
  ["1500", "1500 = 15.00 CNY"],
  ["15.00", "1500 = 15.00 CNY"],
])("an amount of %s is echoed as %s", async (price, echo) => {
  const { code, stderr } = await api.operator.raw(...named, price, ...stack());
  expect([code, stderr]).toEqual([0, expect.stringContaining(`${echo}\n`)]);
});

test("the price of a change is echoed in the product's currency", async () => {
  const product = { id: "prod_1", version: 1, price: { amount: 1, currency: "JPY" } };
  api.answers({
    "GET /admin/v1/products?productId=prod_1": [{ body: { data: [product], nextCursor: null } }],
    "POST /admin/v1/products/prod_1/versions": [{ body: {} }],
  });
  const { stderr } = await api.operator.raw("products", "change", "prod_1", "--price", "1500", ...stack());
  expect(stderr).toContain("1500 = 1500 JPY\n");
});

describe("an amount below one", () => {
  test("is asked about on a terminal, and nothing is sent without a yes", async () => {
    const { code, seen } = await api.operator.onTerminal("n", ...named, "25");
    expect([code, seen]).toEqual([1, expect.stringContaining("That is only 0.25 CNY. Go on? [y/N]")]);
    expect(api.posts()).toEqual([]);
    expect((await api.operator.onTerminal("y", ...named, "25")).code).toBe(0);
    expect(api.posts()).toHaveLength(1);
  });

  test.each([
    ["with --yes", ["25", "--yes"]],
    ["when it is one", ["1.00"]],
  ])("is not asked about %s", async (_when, words) => {
    const { code, seen } = await api.operator.onTerminal("n", ...named, ...words);
    expect([code, seen]).toEqual([0, expect.not.stringContaining("[y/N]")]);
  });

  test("goes on elsewhere", async () => {
    expect((await api.operator.raw(...named, "25", ...stack())).code).toBe(0);
  });

  test("is asked about once where the effect is asked about anyway", async () => {
    const deposit = [
      "channels",
      "deposit",
      "--channel",
      "c",
      "--currency",
      "CNY",
      "--reference",
      "r",
      "--amount",
      "25",
    ];
    const { seen } = await api.operator.onTerminal("n", ...deposit);
    expect(seen.match(/\[y\/N\]/g)).toHaveLength(1);
    expect(seen).toContain("It pays 0.25 CNY in to c");
  });
});
