import { randomBytes } from "node:crypto";
import { afterAll } from "vitest";
import type { Calls } from "./calls.ts";
import { crashEach, type Death, Doomed, type Moment, type Where } from "./crash.ts";
import type { Domain } from "./domain.ts";
import { fakeKms } from "./fake-aws.ts";
import { domainOn } from "./on-second-engine.ts";
import { proofEngine } from "./proof-engine.ts";

/**
 * An engine to die on that is the test file's own, and ends with it. No stream, schedule or other test is at work there: what
 * a death leaves lies as it was left until the scene goes on.
 */
export async function ownGround() {
  const engine = await proofEngine();
  afterAll(() => engine.stop());
  const master = randomBytes(32);
  const born = (calls?: Calls): Domain => {
    const kms = fakeKms(master);
    calls?.watch(kms);
    return domainOn(engine, { kms, ...(calls === undefined ? {} : { calls }) });
  };
  return {
    alive: born(),
    doomed: (death: Death) => new Doomed(death, "calls", born),
    crashEverywhere: (scene: (doomed: Doomed) => Promise<void>, when?: readonly Moment[], at?: Where) =>
      crashEach(born, scene, when, at),
  };
}
