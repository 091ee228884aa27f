import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { scriptedApi } from "../../support/ops/scripted-api.ts";

// Where the command line reads files: from the folder of the shell, or from standard input.

let api: Awaited<ReturnType<typeof scriptedApi>>;
const imported = "POST /admin/v1/products/p/stock-imports";
const searched = "POST /admin/v1/products/p/codes/searches";

beforeAll(async () => {
  api = await scriptedApi();
});
afterAll(() => api.close());
beforeEach(() => api.begin({ [imported]: [{ body: { imported: 1, refused: [] } }], [searched]: [{ body: {} }] }));

const of = ["--product", "p", "--json", "--stack"];
const run = (given: { input?: string; shell?: string }, ...words: string[]) =>
  api.operator.withInput(given, ...words, ...of, api.operator.stackFile);
const sent = () => api.posts().map(({ body }) => body);

test("--file - is standard input", async () => {
  expect((await run({ input: "secret\nA\n" }, "stock", "import", "--file", "-")).code).toBe(0);
  expect(sent()).toEqual(["secret\nA\n"]);
});

test("a file is found from the shell's folder, wherever npm runs the command", async () => {
  const shell = mkdtempSync(join(tmpdir(), "vouchsafe-shell-"));
  writeFileSync(join(shell, "codes.csv"), "secret\nB\n");
  expect((await run({ shell }, "stock", "import", "--file", "codes.csv")).code).toBe(0);
  expect(sent()).toEqual(["secret\nB\n"]);
});

test("an upload needs a file, whose length is known", async () => {
  const { code, stdout } = await run({ input: "secret\nA\n" }, "stock", "upload", "--file", "-");
  expect([code, stdout]).toEqual([2, expect.stringContaining("--file must be a file")]);
});

test.each([
  ["standard input", { input: "SECRET\n" }, ["--number", "7"], { number: "7", secret: "SECRET" }],
  ["standard input by its name", { input: "SECRET" }, ["--secret-file", "-"], { secret: "SECRET" }],
  ["JSON, as before", { input: '{"secret":"S"}' }, ["--file", "-"], { secret: "S" }],
])("stock find takes a code from %s", async (_where, given, words, json) => {
  expect((await run(given, "stock", "find", ...words)).code).toBe(0);
  expect(sent().map((body) => JSON.parse(body) as unknown)).toEqual([json]);
});

test("stock find takes a code from a file of it alone, and refuses to be told twice", async () => {
  const path = api.operator.file("secret.txt", "SECRET\r\n");
  expect((await run({}, "stock", "find", "--secret-file", path)).code).toBe(0);
  expect(sent()).toEqual([JSON.stringify({ secret: "SECRET" })]);
  expect((await run({}, "stock", "find", "--number", "1", "--file", path)).code).toBe(2);
});
