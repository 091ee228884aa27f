import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const LONGEST = 300;

test(`no file of TypeScript has more than ${LONGEST} lines`, () => {
  const files = globSync("{*,{functions,infra,shared,test}/**/*}.ts");
  expect(files.length).toBeGreaterThan(500);
  const lines = (file: string): number => readFileSync(file, "utf8").split("\n").length - 1;
  expect(files.filter((file) => lines(file) > LONGEST)).toEqual([]);
});
