import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type * as z from "zod";
import { operations } from "../../../functions/operator/operations.ts";
import type { Operation } from "../../../functions/runtime/operation.ts";
import { readArguments } from "../../../infra/ops/arguments.ts";
import type { Command } from "../../../infra/ops/command.ts";
import { commands, ownCommands, wordsOf } from "../../../infra/ops/commands.ts";
import { fieldsFilled } from "../../../infra/ops/named-errors.ts";
import { fieldsOf, leadsTo } from "../../../infra/ops/schema-fields.ts";
import { Layout } from "../../../shared/stock-files/layout.ts";
import { scriptedApi } from "../../support/ops/scripted-api.ts";

// The command line and the operator API are made from the same descriptions.

const all = Object.entries<Operation>(operations);
const named = all.flatMap(([id, operation]) => wordsOf(operation).map((words) => ({ id, operation, words })));

let api: Awaited<ReturnType<typeof scriptedApi>>;
beforeAll(async () => {
  api = await scriptedApi();
});
afterAll(() => api.close());

test.each(all)("%s has a command, or a reason for having none", (_id, operation) => {
  const { command = { none: "" } } = operation;
  expect("none" in command ? command.none : wordsOf(operation)[0]?.is).toMatch(/^[a-z -]{8,}$/);
});

test.each(named)("what $words.is calls otherwise than in JSON are members of $id", ({ operation, words }) => {
  const fields = [operation.params, operation.query, operation.body].flatMap((schema) =>
    schema === undefined ? [] : fieldsOf(schema).map(({ path }) => path.join(".")),
  );
  const said = [words.argument ?? [], Object.keys(words.options ?? {}), Object.keys(words.fixed ?? {})].flat();
  expect(said.filter((name) => !fields.includes(name))).toEqual([]);
});

test("a command has code of its own exactly where its description says why", () => {
  const own = named.filter(({ words }) => words.own !== undefined).map(({ words }) => words.is);
  expect([...new Set(own)].toSorted()).toEqual(Object.keys(ownCommands).toSorted());
  expect(Object.keys(commands)).toEqual(expect.arrayContaining(named.map(({ words }) => words.is)));
});

/** Where a field may stand: as it is, or in what the wire wraps it in. */
const isField = (pointer: string, { params, query, body }: Operation): boolean => {
  const [, part = "", rest = ""] = /^\/(path|query)(\/.+)$/.exec(pointer) ?? [];
  if (part === "path") return params !== undefined && leadsTo(params, rest);
  if (part === "query") return query !== undefined && leadsTo(query, rest);
  // In a query the layout is text.
  const layout = query?.shape["layout"] === undefined ? undefined : Layout;
  const places: (z.ZodType | undefined)[] = [body, query, layout];
  return ["", "/change", "/layout"].some((wrap) =>
    places.some((schema) => schema !== undefined && leadsTo(schema, wrap + pointer)),
  );
};

test.each([...new Set(named.map(({ words }) => words.is))])("each option of %s fills a field of the API", (is) => {
  const operationsOf = named.filter(({ words }) => words.is === is).map(({ operation }) => operation);
  const { options } = commands[is] as Command;
  const without = Object.entries(options).flatMap(([name, option]) => {
    if (option.local === true || name.startsWith("no-")) return [];
    const fields = fieldsFilled(name, option);
    return fields.every((field) => operationsOf.some((operation) => isField(field, operation))) ? [] : [name];
  });
  expect(without).toEqual([]);
});

test.each(named.filter(({ words }) => words.columns !== undefined))(
  "the columns of $words.is are in its answer",
  ({ operation, words }) => {
    const missing = (words.columns ?? []).filter(
      (column) => !leadsTo(operation.answer.schema, `/data/${column.replaceAll(".", "/")}`),
    );
    expect(missing).toEqual([]);
  },
);

describe("what the API would refuse is not sent:", () => {
  const run = (...words: string[]) => api.operator.raw(...words, "--json", "--stack", api.operator.stackFile);

  test.each([
    ["a number out of its bounds", ["products", "list", "--limit", "1000"], "--limit", "/query/limit"],
    ["a page of no list", ["orders", "list", "--state", "review"], "--channel", "/query/channel"],
    ["a time that is none", ["reviews", "list", "--since", "yesterday"], "--since", "/query/since"],
    ["a supplier that can't be", ["restock", "set", "p", "--supplier", "foo"], "--supplier", "/supplierId"],
    [
      "a reference with a space",
      "channels deposit --channel c --amount 1 --currency CNY --reference".split(" ").concat("a b"),
      "--reference",
      "/reference",
    ],
    ["a code of our own too many", ["stock", "generate", "--product", "p", "--count", "0"], "--count", "/count"],
    [
      "a hold of five seconds",
      "products create --kind code --name N --price 1 --currency CNY --hold 5s".split(" "),
      "--hold",
      "/holdSeconds",
    ],
  ])("%s", async (_what, words, option, pointer) => {
    api.begin({});
    const { code, stdout } = await run(...words);
    const { code: problem, errors } = JSON.parse(stdout) as { code: string; errors: object[] };
    expect([code, problem, api.asked]).toEqual([2, "wrong_usage", []]);
    expect(errors).toEqual([{ option, pointer, message: expect.any(String) }]);
  });

  test("and people are told which option it is", async () => {
    const { code, stdout, stderr } = await api.operator.raw("products", "list", "--limit", "0");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^Some options are not as they should be\.\n {2}--limit: .+\n$/);
    const nothing = await api.operator.raw("restock", "set", "prod_1");
    expect([nothing.code, nothing.stderr.split("\n")[1]]).toEqual([2, "  It must say what to change."]);
  });
});

test("a list takes a time as how long ago it was", async () => {
  const { command, given } = readArguments(["reviews", "list", "--since", "7d"]);
  const { query } = (await command.call?.(given)) ?? {};
  expect(Date.now() - Date.parse(query?.["since"] ?? "") - 7 * 86_400_000).toBeLessThan(60_000);
});

test("orders of a reference are looked for until all channels are through", async () => {
  const asked = "GET /admin/v1/orders?reference=r&limit=100";
  api.begin({
    [asked]: [{ body: { data: [], nextCursor: "one" } }],
    [`${asked}&cursor=one`]: [{ body: { data: [{ id: "ord_1" }], nextCursor: "two" } }],
    [`${asked}&cursor=two`]: [{ body: { data: [], nextCursor: null } }],
  });
  const found = await api.operator.json("orders", "list", "--reference", "r");
  expect(found).toEqual({ code: 0, value: { data: [{ id: "ord_1" }], nextCursor: null } });
});
