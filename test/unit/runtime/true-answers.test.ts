import { expect, it } from "vitest";
import { operations } from "../../../functions/operator/operations.ts";
import type { Operation } from "../../../functions/runtime/operation.ts";
import { expectTrueTo } from "../../support/runtime/true-answer.ts";

// That tests of the operator API see it when an answer is not what its operation describes.

const setLanes = ["POST", "/admin/v1/channels/chan_1/lanes"] as const;
const lanes = { channelId: "chan_1", currency: "CNY", lanes: 2 };

it("takes an answer as it is described", () => {
  expect(() => expectTrueTo(...setLanes, lanes)).not.toThrow();
});

it.each([
  ["a member that is missing", { ...lanes, lanes: undefined }, "/lanes"],
  ["a member of another type", { ...lanes, lanes: "2" }, "/lanes"],
  ["a member that nobody described", { ...lanes, requestHash: "x" }, "not described"],
])("refuses %s", (_what, body, told) => {
  expect(() => expectTrueTo(...setLanes, body)).toThrow(told);
});

it("knows a path with a parameter from one without", () => {
  expect(() =>
    expectTrueTo("POST", "/admin/v1/reviews/decisions", { results: [], filter: {}, nextCursor: null }),
  ).not.toThrow();
});

it("has something to say of every answer: none may hold just anything", () => {
  const open = Object.entries<Operation>(operations).filter(
    ([, { answer }]) => answer.schema.safeParse({ anything: 1 }).success,
  );
  // Nothing is told of what was only asked for; the document has a schema of its own, which another test checks.
  expect(open.map(([name]) => name)).toEqual(["getOperatorOpenapi"]);
});
