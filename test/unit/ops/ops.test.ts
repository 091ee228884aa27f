import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readArguments } from "../../../infra/ops/arguments.ts";
import type { OperatorCall } from "../../../infra/ops/client.ts";
import { commands } from "../../../infra/ops/commands.ts";
import { WrongUsage } from "../../../infra/ops/wrong-usage.ts";
import { poolIdOf } from "../../../shared/inventory/model.ts";

// The operator's command line before it calls anything. What it does against a deployed stack is tested end to end.

const callOf = async (...argv: string[]): Promise<OperatorCall> => {
  const { command, given } = readArguments(argv);
  if (command.call === undefined) throw new Error("it makes several calls");
  return command.call(given);
};

const create = ["products", "create", "--kind", "code", "--name", "N", "--currency", "CNY"];
const poolSet = ["pools", "set", "--product", "p", "--pool", "total"];
const decide = ["reviews", "decide", "ord_1", "--reason", "r", "--action"];
const decideAll = ["reviews", "decide", "--all", "--reason", "r", "--action", "refund"];
const deposit = ["channels", "deposit", "--channel", "chan_1", "--currency", "CNY", "--reference", "r"];

describe("a command line becomes one call of the operator API", () => {
  test.each([
    [
      [...create, "--price", "1500"],
      {
        method: "POST",
        path: "/admin/v1/products",
        json: { kind: "code", name: "N", price: { amount: 1500, currency: "CNY" } },
      },
    ],
    [
      [...create, "--price", "1", "--limit-order", "3", "--limit-buyer", "2/week", "--limit-clock", "+08:00"],
      {
        method: "POST",
        path: "/admin/v1/products",
        json: {
          kind: "code",
          name: "N",
          price: { amount: 1, currency: "CNY" },
          limits: { perOrder: 3, perBuyer: { quantity: 2, per: "week" }, utcOffset: "+08:00" },
        },
      },
    ],
    [
      [...create, "--price", "1", "--hold", "600"],
      {
        method: "POST",
        path: "/admin/v1/products",
        json: { kind: "code", name: "N", price: { amount: 1, currency: "CNY" }, holdSeconds: 600 },
      },
    ],
    [
      [...create, "--price", "1", "--shares-codes"],
      {
        method: "POST",
        path: "/admin/v1/products",
        json: { kind: "code", name: "N", price: { amount: 1, currency: "CNY" }, sharesCodes: true },
      },
    ],
    [
      [...poolSet, "--frozen", "yes"],
      { method: "POST", path: "/admin/v1/products/p/pools/total", json: { frozen: true } },
    ],
    [
      [...deposit, "--amount", "100000"],
      {
        method: "POST",
        path: "/admin/v1/channels/chan_1/deposits",
        json: { money: { amount: 100_000, currency: "CNY" }, reference: "r" },
      },
    ],
    [
      [...deposit, "--amount", "1000.01"],
      {
        method: "POST",
        path: "/admin/v1/channels/chan_1/deposits",
        json: { money: { amount: 100_001, currency: "CNY" }, reference: "r" },
      },
    ],
    [
      ["settings", "set", "--two-people-from", "CNY=1000.00,KWD=1.250,JPY=15,EUR=none"],
      {
        method: "POST",
        path: "/admin/v1/settings/reviews",
        json: { twoPeopleFrom: { CNY: 100_000, KWD: 1250, JPY: 15, EUR: null } },
      },
    ],
    [
      ["keys", "create", "--channel", "c", "--scopes", "orders:read,codes:reveal"],
      { method: "POST", path: "/admin/v1/channels/c/keys", json: { scopes: ["orders:read", "codes:reveal"] } },
    ],
    [["channels", "list", "--limit", "3"], { method: "GET", path: "/admin/v1/channels", query: { limit: "3" } }],
    [["channels", "show", "chan_1"], { method: "GET", path: "/admin/v1/channels/chan_1" }],
    [["keys", "list", "--channel", "c"], { method: "GET", path: "/admin/v1/channels/c/keys", query: {} }],
    [["suppliers", "list", "--limit", "2"], { method: "GET", path: "/admin/v1/suppliers", query: { limit: "2" } }],
    [
      ["imports", "list", "--product", "p", "--state", "running"],
      { method: "GET", path: "/admin/v1/imports", query: { productId: "p", state: "running" } },
    ],
    [["products", "show", "prod_1"], { method: "GET", path: "/admin/v1/products/prod_1" }],
    [
      ["restock", "set", "p", "--off", "--max-cost", "1.50", "--currency", "CNY"],
      {
        method: "POST",
        path: "/admin/v1/products/p/restock",
        json: { isOn: false, maxCost: { amount: 150, currency: "CNY" } },
      },
    ],
    [
      ["stock", "freeze", "--product", "p", "--batch", "b"],
      { method: "POST", path: "/admin/v1/products/p/batches/b/state", json: { state: "frozen" } },
    ],
    [
      ["stock", "transfer", "--product", "p", "--from", "campaign:spring", "--to", "chan_1", "--quantity", "all"],
      {
        method: "POST",
        path: "/admin/v1/products/p/transfers",
        json: {
          from: poolIdOf("p", { kind: "campaign", subject: "spring" }),
          to: poolIdOf("p", { kind: "channel", subject: "chan_1" }),
          quantity: "all",
        },
      },
    ],
    [["suppliers", "show", "sup_1"], { method: "GET", path: "/admin/v1/suppliers/sup_1" }],
    [["audit", "list", "prod_1"], { method: "GET", path: "/admin/v1/audit", query: { subject: "prod_1" } }],
    [["orders", "inspect", "../x?y"], { method: "GET", path: "/admin/v1/orders/..%2Fx%3Fy" }],
    [["reviews", "list", "--limit", "3"], { method: "GET", path: "/admin/v1/reviews", query: { limit: "3" } }],
    [
      ["reviews", "decide", "ord_1", "--action", "refund", "--reason", "none left", "--even-if-unresolved"],
      {
        method: "POST",
        path: "/admin/v1/reviews/ord_1/decisions",
        json: { action: "refund", reason: "none left", evenIfUnresolved: true },
      },
    ],
    [
      ["reviews", "decide", "ord_1", "--action", "replace", "--reason", "r", "--line", "2", "--with", "stock"],
      {
        method: "POST",
        path: "/admin/v1/reviews/ord_1/decisions",
        json: { action: "replace", reason: "r", lineId: "2", with: { from: "stock" } },
      },
    ],
    [
      ["reviews", "decide", "--all", "--supplier", "sup_1", "--action", "retry", "--reason", "it is back"],
      {
        method: "POST",
        path: "/admin/v1/reviews/decisions",
        json: { filter: { supplierId: "sup_1" }, action: "retry", reason: "it is back" },
      },
    ],
    [
      "reviews decide --all --review-product prod_1 --action replace --reason r --with supplier --supplier sup_2 --supplier-product x".split(
        " ",
      ),
      {
        method: "POST",
        path: "/admin/v1/reviews/decisions",
        json: {
          filter: { productId: "prod_1" },
          action: "replace",
          reason: "r",
          with: { from: "supplier", supplierId: "sup_2", supplierProductId: "x" },
        },
      },
    ],
  ])("%s", async (argv, call) => {
    expect(await callOf(...argv)).toEqual(call);
  });

  test("--json and --stack may stand anywhere behind the command", () => {
    const { output, stack, given } = readArguments(["orders", "inspect", "--json", "ord_1", "--stack", "dev"]);
    expect({ output, stack, argument: given.argument }).toEqual({ output: "json", stack: "dev", argument: "ord_1" });
  });
});

test("README.md names the commands that take a key, and no other", () => {
  const [, named = ""] = /print their `Idempotency-Key`[^:]*:([^.]+)\./.exec(readFileSync("README.md", "utf8")) ?? [];
  const told = [...named.matchAll(/`([a-z -]+)`/g)].map(([, words = ""]) => words);
  const taking = Object.entries(commands).filter(([, { takesKey }]) => takesKey === true);
  expect(told.toSorted()).toEqual(taking.map(([words]) => words).toSorted());
});

test.each([
  ["900", 900],
  ["90s", 90],
  ["15m", 900],
  ["2h", 7200],
  ["14d", 1_209_600],
])("a span of %s is %i seconds in every command that takes one", async (text, seconds) => {
  const { json: product } = await callOf(...create, "--price", "1", "--hold", text, "--deliver-within", text);
  expect(product).toMatchObject({ holdSeconds: seconds, deliverWithinSeconds: seconds });
  const { json: settings } = await callOf("settings", "set", "--decide-within", text);
  expect(settings).toEqual({ decideWithinSeconds: seconds });
  const credentials = ["--credentials", "package.json", "--answer-within", text];
  const supplier = ["suppliers", "create", "--name", "S", "--protocol", "runa", "--url", "https://x.test"];
  expect((await callOf(...supplier, ...credentials)).json).toMatchObject({ answerWithinSeconds: seconds });
});

describe("wrong usage is told in a sentence before anything is called:", () => {
  test.each([
    ["nothing at all", [], /There is no command ""/],
    ["a noun alone", ["products", "--json"], /There is no command "products"/],
    ["an unknown verb", ["products", "destroy"], /There is no command "products destroy"/],
    ["a word of JavaScript's own", ["constructor"], /There is no command/],
    ["a missing option", create, /Missing: --price/],
    ["an unknown option", [...create, "--price", "1", "--coupon", "x"], /coupon/],
    ["an option without its value", [...create, "--price"], /price/],
    ["a superfluous argument", [...create, "--price", "1", "extra"], /Expected no argument/],
    ["a missing argument", ["orders", "inspect"], /Expected ORDER/],
    ["two arguments", ["orders", "inspect", "a", "b"], /Expected ORDER/],
    ["a price that is no number", [...create, "--price", "cheap"], /--price must be a whole number/],
    ["a span that is none", [...create, "--price", "1", "--hold", "15 minutes"], /--hold is a duration like 90s, 15m/],
    ["a span below nothing", [...create, "--price", "1", "--hold=-15m"], /--hold is a span of time/],
    ["a price with a decimal too few", [...create, "--price", "15.0"], /--price must have 2 decimals in CNY/],
    ["a price with a point and nothing behind it", [...create, "--price", "15."], /--price must be a whole number/],
    [
      "a limit with a decimal too many",
      ["settings", "set", "--two-people-from", "KWD=1.0000"],
      /must have 3 decimals in KWD/,
    ],
    ["a limit in half a yen", ["settings", "set", "--two-people-from", "JPY=1.5"], /JPY has no decimals/],
    [
      "an amount with a point, of no currency",
      ["restock", "set", "p", "--max-cost", "1.00"],
      /--max-cost 1.00 needs --currency/,
    ],
    ["a price in powers of ten", [...create, "--price", "1e3"], /--price must be a whole number/],
    ["an amount below nothing", [...deposit, "--amount=-5"], /--amount must be a whole number/],
    ["an empty amount", [...deposit, "--amount", ""], /--amount must be a whole number/],
    ["a pool that is neither frozen nor not", [...poolSet, "--frozen", "true"], /--frozen must be yes or no/],
    ["a supplier's product of no supplier", [...create, "--price", "1", "--supplier-product", "x"], /as many of each/],
    ["a supplier too many", [...create, "--price", "1", "--supplier", "a,b", "--supplier-product", "x"], /as many/],
    ["an option said twice", [...deposit, "--amount", "100", "--amount", "1000"], /--amount is said twice/],
    ["a pair too long", ["settings", "set", "--two-people-from", "CNY=100=5"], /CURRENCY=AMOUNT/],
    ["a currency said twice", ["settings", "set", "--two-people-from", "CNY=100,CNY=5"], /names a currency twice/],
    ["two periods", [...create, "--price", "1", "--limit-buyer", "2/day/week"], /a quantity and one period/],
    [
      "no supplier to buy from at any cost",
      [...create, "--price", "1", "--unguarded"],
      /--unguarded is about suppliers/,
    ],
    [
      "a refund of the line that is to be replaced",
      [...decide, "refund", "--line", "1"],
      /refund has no use for --line/,
    ],
    ["a retry of some lines", [...decide, "retry", "--lines", "1,2"], /retry has no use for --lines/],
    [
      "a filter for one order",
      [...decide, "note", "--since", "x", "--supplier", "s"],
      /note has no use for --supplier, --since/,
    ],
    ["lines of all orders", [...decideAll, "--lines", "1"], /--all --action refund has no use for --lines/],
    ["all orders without their suppliers' no", [...decideAll, "--even-if-unresolved"], /no use for --even-if-unres/],
    ["a file that is not there", ["stock", "import", "--product", "p", "--file", "/none.csv"], /can't be read: ENOENT/],
    ["a file that is a folder", ["stock", "import", "--product", "p", "--file", "/"], /can't be read: EISDIR/],
  ])("%s", async (_what, argv, says) => {
    const refused = await callOf(...argv).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(WrongUsage);
    expect((refused as WrongUsage).message).toMatch(says);
  });
});
