import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const LONGEST = 300;

test(`no file of TypeScript has more than ${LONGEST} lines`, () => {
  // What is made from the OpenAPI document is as long as that.
  const files = globSync("{*,{functions,infra,shared,test}/**/*}.{ts,tsx}", {
    exclude: ["functions/storefront/client/calls.ts"],
  });
  expect(files.length).toBeGreaterThan(500);
  const lines = (file: string): number => readFileSync(file, "utf8").split("\n").length - 1;
  expect(files.filter((file) => lines(file) > LONGEST)).toEqual([]);
});

/** What tells the machine's time, other than a moment that is given: `new Date(moment)` asks no clock. */
const ASKS_THE_MACHINE = /\bnew Date\(\)|\bDate\.now\b|\bperformance\.now\b|\bhrtime\b/;

test("all code of the shop takes the time from one clock", () => {
  const files = globSync("{functions,shared}/**/*.{ts,tsx}");
  expect(files.length).toBeGreaterThan(200);
  const asking = files.filter((file) => ASKS_THE_MACHINE.test(readFileSync(file, "utf8")));
  expect(asking).toEqual(["shared/kernel/clock.ts"]);
});

/** What exists once: a mark of another one in the source, and the only files that may have it. */
const ONCE: [what: string, mark: RegExp, files: string[]][] = [
  // Its memories are made by shared/kernel/memory.ts.
  ["a process remembers", /^(?:const|let) \w+(?:: .*)? = new Map(?:<.*>)?\(\);$/m, []],
  ["a pause is random", /\bMath\.random\b/, ["shared/kernel/again.ts"]],
  ["a repeat is answered", /refuse\(\s*"idempotency_key_reused"/, ["shared/kernel/repeat.ts"]],
];

test.each(ONCE)("%s in one way", (_what, mark, files) => {
  const found = globSync("{functions,shared}/**/*.ts").filter((file) => mark.test(readFileSync(file, "utf8")));
  expect(found).toEqual(files);
});

test("no test that shares its process mocks modules: the next file would have the mock, or this one would not", () => {
  const files = globSync("test/{unit,infra,second-engine,chaos,support}/**/*.ts", {
    exclude: ["test/unit/house.test.ts"],
  });
  expect(files.filter((file) => /\bvi\.(do)?[mM]ock\(/.test(readFileSync(file, "utf8")))).toEqual([]);
});
