import { expect, test } from "vitest";
import { untilNotThrottled } from "../../../infra/ops/throttled.ts";

const noPause = async (): Promise<void> => undefined;

test("a call that was throttled is repeated, and one that was run is not", async () => {
  const answers = [429, 429, 500, 200];
  let calls = 0;
  const call = async () => ({ status: answers[calls++] ?? 0 });
  expect(await untilNotThrottled(call, noPause)).toEqual({ status: 500 });
  expect(calls).toBe(3);
});

test("a call that is throttled for long is answered so after ten tries", async () => {
  let calls = 0;
  const call = async () => ({ status: calls++ < 100 ? 429 : 200 });
  expect(await untilNotThrottled(call, noPause)).toEqual({ status: 429 });
  expect(calls).toBe(10);
});
