import { afterEach, describe, expect, test, vi } from "vitest";
import { againUntilDone, pauseAfter } from "../../../shared/kernel/again.ts";

afterEach(() => void vi.restoreAllMocks());

/** The lengths of pauses, by the time that they ask for. */
async function lengthsOf(tries: readonly number[], firstMs: number, longestMs?: number): Promise<number[]> {
  const lengths: number[] = [];
  for (const tried of tries) await pauseAfter(tried, firstMs, longestMs, async (ms) => lengths.push(ms));
  return lengths;
}

describe("a pause before the next try", () => {
  test("is twice as long at most after each try, and never longer than it may be", async () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    expect(await lengthsOf([1, 2, 3, 4, 5], 20, 200)).toEqual([20, 40, 80, 160, 200]);
    expect(await lengthsOf([11], 20)).toEqual([20 * 1024]);
  });

  test("has any length down to none, so that those who met don't meet again", async () => {
    const lengths = await lengthsOf(
      Array.from({ length: 200 }, () => 1),
      100,
    );
    expect(Math.min(...lengths)).toBeLessThan(20);
    expect(Math.max(...lengths)).toBeGreaterThan(80);
  });
});

describe("what was left undone", () => {
  test("is tried again after a pause until nothing is left", async () => {
    const random = vi.spyOn(Math, "random");
    const tried: number[][] = [];
    const left = await againUntilDone([1, 2, 3], { tries: 8, firstMs: 1 }, async (some) => {
      tried.push(some);
      return some.slice(1);
    });
    expect([tried, left, random.mock.calls.length]).toEqual([[[1, 2, 3], [2, 3], [3]], [], 2]);
  });

  test("is given back when all tries are used up; nothing to do is no try", async () => {
    const work = vi.fn<(some: string[]) => Promise<string[]>>(async (some) => some);
    expect(await againUntilDone(["a"], { tries: 3, firstMs: 1 }, work)).toEqual(["a"]);
    expect(work).toHaveBeenCalledTimes(3);
    expect(await againUntilDone([], { tries: 3, firstMs: 1 }, work)).toEqual([]);
    expect(work).toHaveBeenCalledTimes(3);
  });
});
