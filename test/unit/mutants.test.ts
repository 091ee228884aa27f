import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../infra/local/places.ts";
import { rules } from "../mutants/rules.ts";

// `npm run mutants` takes rules out of the source, and takes long. That each rule still stands where it is said to stand is known at once.

const textOf = (file: string): string => {
  const path = join(root, file);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
};

test("every rule that can be taken out stands once in its file, and its tests are there", () => {
  const isAstray = ({ file, from, red: [tests] }: (typeof rules)[number]): boolean =>
    textOf(file).split(from).length !== 2 || textOf(tests) === "";
  expect(rules.length).toBeGreaterThan(100);
  expect(rules.filter(isAstray).map(({ rule }) => rule)).toEqual([]);
});
