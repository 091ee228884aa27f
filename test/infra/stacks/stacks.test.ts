import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { synthesize } from "../../support/infra/templates.ts";
import { type Kept, keptIn, losses } from "./kept.ts";

// What each stack holds, and that no release loses what is in it.

/** CloudFormation takes 500. */
const MOST_RESOURCES = 350;

const { stacks } = synthesize({ env: "prod" });

test.each(Object.entries(stacks))(`the stack %s has at most ${MOST_RESOURCES} resources`, (_, template) => {
  expect(Object.keys((template.toJSON() as { Resources: object }).Resources).length).toBeLessThanOrEqual(
    MOST_RESOURCES,
  );
});

describe("what holds data", () => {
  const baseline = JSON.parse(readFileSync(new URL("./kept.json", import.meta.url), "utf8")) as Kept[];
  const now = Object.entries(stacks).flatMap(([stack, template]) => keptIn(stack, template));

  test("is where it was in the last release, under the names that it had", () => {
    expect(baseline.length).toBeGreaterThan(20);
    expect(losses(baseline, now)).toEqual([]);
  });

  const table = (more: object = {}): Kept => ({
    stack: "data",
    id: "T",
    type: "AWS::DynamoDB::GlobalTable",
    name: "t",
    ...more,
  });
  const indexes = (...names: string[]): object => ({
    indexes: names.map((IndexName) => JSON.stringify({ IndexName })),
  });

  test.each([
    ["another logical id", [table({ id: "U" })], ["data: T is gone"]],
    ["another stack", [table({ stack: "service" })], ["data: T is gone"]],
    ["another name", [table({ name: "u" })], ["data: T was t and is u"]],
    ["one index more", [table(indexes("a", "b"))], []],
    ["one index less", [table()], []],
    ["two indexes more", [table(indexes("a", "b", "c"))], ["data: T changes 2 indexes, and DynamoDB one at a time"]],
    ["one index for another", [table(indexes("b"))], ["data: T changes 2 indexes, and DynamoDB one at a time"]],
  ])("would be lost, or could not be deployed, with %s", (_, after, found) => {
    expect(losses([table(indexes("a"))], after)).toEqual(found);
  });
});
