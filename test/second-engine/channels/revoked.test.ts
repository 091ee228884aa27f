import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { createChannel, revokeKey } from "../../../shared/channels/keys.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

const { deps } = await sceneGround();

/** The code that knows keys, as another process has loaded it: with a memory of its own. */
async function anotherProcess() {
  vi.resetModules();
  const { authenticate } = await import("../../../shared/channels/keys.ts");
  return authenticate;
}

test("a revoked key is dead in every process within five seconds, by the real clock", { timeout: 15_000 }, async () => {
  const made = valueOf(await createChannel(deps, { name: "A shop" }, randomUUID(), deps.clock()));
  const { id, keyId = "", apiKey = "" } = made;
  const processes = [await anotherProcess(), await anotherProcess(), await anotherProcess()];
  // Each has read the key at another moment; the last one just now.
  for (const authenticate of processes) {
    expect(await authenticate(deps, apiKey)).toMatchObject({ keyId });
    await sleep(200);
  }
  await Promise.all(processes.map((authenticate) => authenticate(deps, apiKey)));
  valueOf(await revokeKey(deps, id, keyId, deps.clock()));
  const revoked = performance.now();
  const seconds = await Promise.all(
    processes.map(async (authenticate) => {
      // When it was last let in, so that a machine that is slow to ask does not count.
      for (let letIn = revoked; ; ) {
        const asked = performance.now();
        if ((await authenticate(deps, apiKey)) === "revoked") return (letIn - revoked) / 1000;
        letIn = asked;
        await sleep(20);
      }
    }),
  );
  console.info(`a revoked key was last let in after ${seconds.map((one) => one.toFixed(2)).join(", ")} seconds`);
  expect(Math.max(...seconds)).toBeLessThanOrEqual(LIMITS.keyRememberedSeconds);
});
