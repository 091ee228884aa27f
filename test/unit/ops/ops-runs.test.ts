import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Answer, scriptedApi } from "../../support/ops/scripted-api.ts";

// The command line against an operator API that answers as each scene says: its exit codes, keys, questions and interruptions.

let api: Awaited<ReturnType<typeof scriptedApi>>;
let operator: (typeof api)["operator"];
const answer = (said: Parameters<(typeof api)["answers"]>[0]): void => api.answers(said);

beforeAll(async () => {
  api = await scriptedApi();
  ({ operator } = api);
});
afterAll(() => api.close());
beforeEach(() => api.begin({}));

const run = (...words: string[]) => operator.raw(...words, "--json", "--stack", operator.stackFile);
const posts = () => api.posts();

describe("an exit code says how it ended:", () => {
  const decisions = "POST /admin/v1/reviews/decisions";
  const bulk = ["reviews", "decide", "--all", "--action", "retry", "--reason", "r", "--yes"];
  const each = (...results: string[]) => ({
    results: results.map((result, index) => ({ orderId: `ord_${index}`, result })),
    filter: {},
    nextCursor: null,
  });
  const one = ["reviews", "decide", "ord_1", "--action", "refund", "--reason", "r"];
  const decision = "POST /admin/v1/reviews/ord_1/decisions";
  const refund = ["orders", "refund", "ord_1", "--reason", "r", "--yes"];
  const refunds = "POST /admin/v1/orders/ord_1/refunds";
  const deposit = ["--channel", "chan_1", "--reference", "bank-1", "--reason", "r"];
  const reversal = ["channels", "reverse-deposit", ...deposit, "--yes"];
  const reversals = "POST /admin/v1/channels/chan_1/deposit-reversals";
  const lines = (imported: number, ...refused: object[]) => ({ imported, present: 0, refused });
  const line = { line: 2, reason: "empty" };
  const verified = (...differences: object[]) => ({ slots: 1, codes: [], differences, nextCursor: null });
  const product = ["--product", "p"];
  const verification = "GET /admin/v1/products/p/stock/verification";
  const batches = { "GET /admin/v1/products/p/batches": [{ body: { data: [], nextCursor: null } }] };

  test.each<[number, string, string[], Record<string, Answer[]>]>([
    [0, "all of many are done", bulk, { [decisions]: [{ body: each("done", "done") }] }],
    [0, "there was nothing to do", bulk, { [decisions]: [{ body: each() }] }],
    [1, "all of many are refused", bulk, { [decisions]: [{ body: each("not_in_review", "failed") }] }],
    [3, "some of many are done", bulk, { [decisions]: [{ body: each("done", "not_in_review") }] }],
    [3, "some wait for a second person", bulk, { [decisions]: [{ body: each("proposed", "done") }] }],
    [4, "all wait for a second person", bulk, { [decisions]: [{ body: each("proposed", "proposed") }] }],
    [0, "one is done", one, { [decision]: [{ body: {} }] }],
    [1, "one is refused", one, { [decision]: [{ status: 409, body: { code: "not_in_review" } }] }],
    [4, "one waits for a second person", one, { [decision]: [{ status: 202, body: {} }] }],
    [4, "a refund waits for a second person", refund, { [refunds]: [{ status: 202, body: {} }] }],
    [0, "a refund is done", refund, { [refunds]: [{ body: {} }] }],
    [4, "a reversal waits for a second person", reversal, { [reversals]: [{ status: 202, body: {} }] }],
    [0, "a reversal is done", reversal, { [reversals]: [{ body: {} }] }],
    [1, "a reversal is refused", reversal, { [reversals]: [{ status: 409, body: { code: "person_unknown" } }] }],
    [
      1,
      "slots and counters differ",
      ["stock", "verify", ...product],
      { [verification]: [{ body: verified({}) }], ...batches },
    ],
    [
      0,
      "slots and counters agree",
      ["stock", "verify", ...product],
      { [verification]: [{ body: verified() }], ...batches },
    ],
  ])("%i when %s", async (code, _when, words, said) => {
    answer({ ...said });
    expect((await run(...words)).code).toBe(code);
  });

  test.each([
    [0, "every line is taken", lines(2)],
    [1, "every line is refused", lines(0, line, line)],
    [3, "some lines are refused", lines(1, line)],
    [3, "some lines are refused, and the others were there", { ...lines(0, line), present: 4 }],
  ])("%i when %s", async (code, _when, body) => {
    answer({ "POST /admin/v1/products/p/stock-imports": [{ body }] });
    const file = operator.file("codes.csv", "secret\nA\n");
    expect((await run("stock", "import", ...product, "--file", file)).code).toBe(code);
  });

  test("and a failed import that is only looked at is no failure", async () => {
    answer({ "GET /admin/v1/imports/imp_1": [{ body: { state: "finished", imported: 0, refused: 3 } }] });
    expect((await run("imports", "show", "imp_1")).code).toBe(0);
  });
});

describe("a bulk command that fails on its third page", () => {
  const words = ["reviews", "decide", "--all", "--action", "retry", "--reason", "r", "--yes"];
  const page = (id: string) => ({
    body: { results: [{ orderId: id, result: "done" }], filter: {}, nextCursor: "more" },
  });
  const done = [
    { orderId: "ord_1", result: "done" },
    { orderId: "ord_2", result: "done" },
  ];

  test.each<[string, Answer | "hang up", string]>([
    ["is refused", { status: 503, body: { code: "busy", detail: "d" } }, "busy"],
    ["is not reached", "hang up", "not_reached"],
  ])("because it %s prints what it did on the first two, and exits 3", async (_how, third, code) => {
    answer({ "POST /admin/v1/reviews/decisions": [page("ord_1"), page("ord_2"), third] });
    const ended = await run(...words);
    expect([ended.code, JSON.parse(ended.stdout)]).toEqual([3, expect.objectContaining({ code, results: done })]);
  });

  test("and one that stops releasing says how much it released", async () => {
    const call = "POST /admin/v1/products/p/withheld-codes/releases";
    answer({
      [call]: [{ body: { released: 7, nextCursor: "x" } }],
      [`${call}?cursor=x`]: ["hang up"],
    });
    const ended = await run("stock", "release-withheld", "--product", "p", "--yes");
    expect([ended.code, JSON.parse(ended.stdout)]).toEqual([3, expect.objectContaining({ released: 7 })]);
  });
});

describe("a command that makes or moves something", () => {
  const transfer = [
    "stock",
    "transfer",
    "--product",
    "p",
    "--from",
    "total",
    "--to",
    "channel:chan_1",
    "--quantity",
    "1",
  ];

  test("says its Idempotency-Key before it sends it, and takes it again", async () => {
    answer({ "POST /admin/v1/products/p/transfers": ["hang up"] });
    const lost = await run(...transfer);
    const [, key = ""] = /^Idempotency-Key: (.+)\n/.exec(lost.stderr) ?? [];
    expect([lost.code, posts()]).toEqual([1, [expect.objectContaining({ key })]]);
    answer({ "POST /admin/v1/products/p/transfers": [{ body: { quantity: 1, ranges: 1 } }] });
    const again = await run(...transfer, "--key", key);
    expect([again.code, again.stderr, posts().map((post) => post.key)]).toEqual([0, "", [key, key]]);
  });

  test("is another move with each run that names no key", async () => {
    answer({ "POST /admin/v1/products/p/transfers": [{ body: {} }] });
    await run(...transfer);
    await run(...transfer);
    expect(new Set(posts().map(({ key }) => key)).size).toBe(2);
  });

  test("takes no key that a header can't carry", async () => {
    expect((await run(...transfer, "--key", "schlüssel")).code).toBe(2);
    expect(api.asked).toEqual([]);
  });
});

test.each(["void-expired", "release-withheld"])(
  "stock %s is about many codes, so a script must say --yes",
  async (verb) => {
    answer({ "GET /admin/v1/products/p/stock": [{ body: { imported: 9, rows: [], nextCursor: null } }] });
    const ended = await run("stock", verb, "--product", "p");
    expect([ended.code, ended.stdout, posts()]).toEqual([2, expect.stringContaining("Say --yes to do it."), []]);
  },
);

describe("products change", () => {
  const path = "/admin/v1/products/prod_1/versions";
  const [one, other] = ["sup_11111111111111111111", "sup_22222222222222222222"];
  const source = { supplierId: one, supplierProductId: "a", cost: { amount: 5, currency: "USD" } };
  const current = {
    id: "prod_1",
    version: 7,
    kind: "code",
    name: "N",
    price: { amount: 1500, currency: "CNY" },
    sources: [{ stock: true }, source],
  };

  test.each<[string, string[], object]>([
    ["a price alone", ["--price", "2600"], { price: { amount: 2600 } }],
    ["a price as people write it", ["--price", "26.00"], { price: { amount: 2600 } }],
    ["a limit less", ["--no-limit-buyer"], { limits: { perBuyer: null } }],
    ["no limits", ["--no-limits", "--no-hold"], { limits: null, holdSeconds: null }],
    ["codes that are compared again", ["--no-shares-codes"], { sharesCodes: null }],
    ["no stock", ["--no-stock"], { sources: [source] }],
    [
      "another supplier beside one that stays, with what was agreed on it",
      ["--supplier", `${other},${one}`, "--supplier-product", "b,a"],
      { sources: [{ stock: true }, { supplierId: other, supplierProductId: "b" }, source] },
    ],
    ["no supplier", ["--no-supplier"], { sources: [{ stock: true }] }],
  ])("says %s, of the version that it has seen", async (_what, words, change) => {
    answer({
      "GET /admin/v1/products?productId=prod_1": [{ body: { data: [current], nextCursor: null } }],
      [`POST ${path}`]: [{ body: {} }],
    });
    expect((await run("products", "change", "prod_1", ...words)).code).toBe(0);
    expect(posts().map(({ body }) => JSON.parse(body) as unknown)).toEqual([{ base: 7, change }]);
  });

  test.each([
    ["nothing", []],
    ["a currency without a price", ["--currency", "CNY"]],
    ["a limit and none", ["--limit-order", "1", "--no-limit-order"]],
    ["nothing to sell it from", ["--no-stock", "--no-supplier"]],
  ])("of %s is wrong usage", async (_what, words) => {
    answer({ "GET /admin/v1/products?productId=prod_1": [{ body: { data: [current], nextCursor: null } }] });
    expect((await run("products", "change", "prod_1", ...words)).code).toBe(2);
    expect(posts()).toEqual([]);
  });
});

describe("what can't be undone", () => {
  const words = ["stock", "void", "--product", "p", "--batch", "batch_1"];
  const call = "POST /admin/v1/products/p/batches/batch_1/state";
  const batch = { batchId: "batch_1", imported: 20_000, left: 17_000, leftFrozen: 3 };

  beforeEach(() => {
    answer({
      "GET /admin/v1/products/p/batches": [{ body: { data: [batch], nextCursor: null } }],
      [call]: [{ body: { ranges: 1, codes: 17_003 } }],
    });
  });

  test("names its effect on a terminal, and is not done without a yes", async () => {
    const { code, seen } = await operator.onTerminal("n", ...words);
    expect([code, seen]).toEqual([1, expect.stringContaining("It voids 17003 codes of batch batch_1")]);
    expect(posts()).toEqual([]);
  });

  test("is done after a yes, or at once with --yes", async () => {
    expect((await operator.onTerminal("y", ...words)).code).toBe(0);
    const { code, seen } = await operator.onTerminal("", ...words, "--yes");
    expect([code, seen]).toEqual([0, expect.not.stringContaining("[y/N]")]);
    expect(posts()).toHaveLength(2);
  });

  test("goes on elsewhere when it is about one thing", async () => {
    expect((await run(...words)).code).toBe(0);
    expect(posts()).toHaveLength(1);
  });

  test("wants --yes elsewhere when it is about many, and says how many and how much", async () => {
    const total = { amount: 5050, currency: "CNY" };
    answer({
      "GET /admin/v1/reviews?supplierId=s&limit=100": [{ body: { data: [{ total }, { total }], nextCursor: null } }],
      "POST /admin/v1/reviews/decisions": [{ body: { results: [], filter: {}, nextCursor: null } }],
    });
    const bulk = ["reviews", "decide", "--all", "--supplier", "s", "--action", "refund", "--reason", "r"];
    const unsaid = await run(...bulk);
    expect([unsaid.code, unsaid.stdout]).toEqual([2, expect.stringContaining("about 2 orders, worth 101.00 CNY")]);
    expect(posts()).toEqual([]);
    expect((await run(...bulk, "--yes")).code).toBe(0);
    expect(posts()).toHaveLength(1);
  });
});

test("an interrupted upload says that it goes on, and how to stop it", async () => {
  const { stackFile } = operator;
  answer({
    "POST /admin/v1/products/p/generations": [{ body: { importId: "imp_1" } }],
    "GET /admin/v1/imports/imp_1": [{ body: { state: "running", percent: 1, linesPerSecond: 1, remainingSeconds: 9 } }],
  });
  const entry = join(import.meta.dirname, "../../../infra/ops/ops.ts");
  const words = ["stock", "generate", "--product", "p", "--count", "9", "--stack", stackFile];
  const child = spawn(process.execPath, [entry, ...words], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (part) => {
    said += String(part);
    if (said.includes("% ") || said.includes(" %,")) child.kill("SIGINT");
  });
  const [, signal] = (await once(child, "close")) as [number | null, string | null];
  expect([signal, said]).toEqual(["SIGINT", expect.stringContaining("The import imp_1 goes on without this command.")]);
  expect(said).toContain("imports cancel imp_1");
});
