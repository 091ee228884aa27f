import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { machineMs } from "../../../shared/kernel/clock.ts";
import { FOR_GOOD, memory, promisedOnce } from "../../../shared/kernel/memory.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

describe("a process", () => {
  test("remembers a value for its time and no longer", () => {
    const remembered = memory<string>({ lastsMs: 1_000, most: 10 });
    remembered.note("a", "value");
    pass(999);
    expect([remembered.recall("a"), remembered.recall("a", 999), remembered.recall("b")]).toEqual([
      "value",
      undefined,
      undefined,
    ]);
    pass(1);
    expect(remembered.recall("a")).toBeUndefined();
  });

  test("counts a value's age from when its read began", () => {
    const remembered = memory<string>({ lastsMs: 1_000, most: 10 });
    const since = machineMs();
    pass(600);
    remembered.note("a", "value", since);
    pass(399);
    expect(remembered.recall("a")).toBe("value");
    pass(1);
    expect(remembered.recall("a")).toBeUndefined();
  });

  test("remembers nothing longer because its clock was set back", () => {
    const remembered = memory<string>({ lastsMs: 1_000, most: 10 });
    remembered.note("a", "value");
    pass(-1);
    expect(remembered.recall("a")).toBeUndefined();
  });

  test("forgets what it is told to, and what was noted first when it is full", () => {
    const remembered = memory<number>({ lastsMs: FOR_GOOD, most: 3 });
    for (const [index, name] of ["a", "b", "c", "a", "d"].entries()) remembered.note(name, index);
    remembered.forget("d");
    expect(["a", "b", "c", "d"].map((name) => remembered.recall(name))).toEqual([3, undefined, 2, undefined]);
  });
});

test("a promise is made once, and again after it has failed", async () => {
  const promises = memory<Promise<number>>({ lastsMs: FOR_GOOD, most: 3 });
  const make = vi.fn<() => Promise<number>>().mockRejectedValueOnce(new Error("not now")).mockResolvedValue(7);
  const ask = () => promisedOnce(promises, "a", make);
  await expect(Promise.all([ask(), ask()])).rejects.toThrow("not now");
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([7, 7, 7]);
  expect(make).toHaveBeenCalledTimes(2);
});
