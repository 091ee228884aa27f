import { expect, test } from "vitest";
import { pick } from "../../../shared/kernel/pick.ts";

test("what is not named stays behind, and what is not there is not made", () => {
  const one: { id: string; secret: string; name?: string } = { id: "1", secret: "s" };
  expect(pick(one, ["id", "name"])).toEqual({ id: "1" });
  expect(Object.keys(pick(one, ["id", "name"]))).toEqual(["id"]);
});
