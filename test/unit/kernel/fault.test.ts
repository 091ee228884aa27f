import { expect, test } from "vitest";
import { errorName } from "../../../functions/runtime/log.ts";
import { Fault } from "../../../shared/kernel/fault.ts";

test("a fault is told by its code, which is all that logs and dead letters show of an error", () => {
  const fault = new Fault("range_missing", "slab 0123 has no range");
  expect(errorName(fault)).toBe("range_missing");
  expect(fault.message).toBe("slab 0123 has no range");
});
