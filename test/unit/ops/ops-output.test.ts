import { afterAll, beforeAll, expect, test } from "vitest";
import { readArguments } from "../../../infra/ops/arguments.ts";
import { written } from "../../../infra/ops/output.ts";
import { scriptedApi } from "../../support/ops/scripted-api.ts";

// How the command line writes an answer.

const products = {
  data: [
    { id: "prod_1", name: "音乐, \u001b[2J", price: { amount: 1500, currency: "CNY" }, sources: [{ stock: true }] },
    { id: "prod_22", name: 'A "B"', price: { amount: 7, currency: "JPY" }, limits: { perOrder: 3 } },
  ],
  nextCursor: "abc",
};
const answer = (body: unknown, ok = true) => ({ ok, status: ok ? 200 : 400, body });
const table = (body: unknown, ok = true) => written(answer(body, ok), "table", false);

let api: Awaited<ReturnType<typeof scriptedApi>>;
beforeAll(async () => {
  api = await scriptedApi();
  api.begin({ "GET /admin/v1/rates": [{ body: { data: [{ from: "USD", to: "CNY", rate: "7.1" }] } }] });
});
afterAll(() => api.close());

test("a list is a table with what is inside by its path, amounts as people read them, and no controls", () => {
  expect(table(products)).toBe(
    [
      "id       name        price      sources           limits.perOrder",
      'prod_1   音乐, \ufffd[2J  15.00 CNY  [{"stock":true}]',
      'prod_22  A "B"       7 JPY                        3',
      "",
      "There are more: --cursor abc",
    ].join("\n"),
  );
  expect(table({ data: [], nextCursor: null })).toBe("None.");
});

test("one thing is names and values, with its lists below", () => {
  const count = { imported: 4, left: { total: 3 }, none: null, rows: [{ expiresAt: null, sold: 1 }] };
  expect(table(count)).toBe("imported    4\nleft.total  3\n\nrows:\nexpiresAt  sold\n           1");
  expect([table({}), table(null)]).toEqual(["Done.", "Done."]);
});

test("a refusal is a sentence, the options that it is about, and what was done before", () => {
  const errors = [{ option: "--hold", pointer: "/holdSeconds", message: "is too small" }];
  const problem = { type: "t", title: "T", status: 400, detail: "D.", code: "invalid_request", requestId: "r", errors };
  expect(table(problem, false)).toBe("D. (invalid_request, r)\n  --hold: is too small");
  expect(table({ detail: "D.", code: "busy", results: [{ orderId: "ord_1" }] }, false)).toBe(
    "D. (busy)\norderId\nord_1",
  );
});

test("CSV has amounts and currencies apart, and quotes what needs it", () => {
  const csv = written(answer({ data: products.data.slice(1) }), "csv", true);
  expect(csv).toBe('id,name,price.amount,price.currency,limits.perOrder\nprod_22,"A ""B""",7,JPY,3');
});

test("unless somebody says, it is a table on a terminal and JSON elsewhere", async () => {
  const { stackFile } = api.operator;
  expect((await api.operator.onTerminal("", "rates", "list")).seen).toContain("from  to   rate\r\nUSD   CNY  7.1");
  const run = async (...words: string[]) =>
    (await api.operator.raw("rates", "list", ...words, "--stack", stackFile)).stdout;
  expect(JSON.parse(await run())).toEqual({ data: [{ from: "USD", to: "CNY", rate: "7.1" }] });
  expect(await run("--output", "csv")).toBe("from,to,rate\nUSD,CNY,7.1\n");
  expect(await run("--output", "json")).toBe(await run("--json"));
});

test("an output that there isn't, and two of them, are refused", () => {
  expect(() => readArguments(["rates", "list", "--output", "xml"])).toThrow(/json, table, csv/);
  expect(() => readArguments(["rates", "list", "--json", "--output", "csv"])).toThrow(/contradict/);
});
