import { randomBytes } from "node:crypto";
import { afterAll, expect } from "vitest";
import { region } from "../../../infra/local/deploy.ts";
import type { Calls } from "../faults/calls.ts";
import { crashEach, type Death, Doomed, type Moment, type Where } from "../faults/crash.ts";
import { CODE_MARK } from "../inventory/codes.ts";
import { keptInTables } from "../secrecy/kept.ts";
import { type Finding, findIn, needlesFor } from "../secrecy/needles.ts";
import type { Domain } from "./domain.ts";
import { fakeKms } from "./fake-aws.ts";
import { domainOn } from "./on-second-engine.ts";
import { proofEngine } from "./proof-engine.ts";

/**
 * An engine to die on that is the test file's own, and ends with it. No stream, schedule or other test is at work there: what
 * a death leaves lies as it was left until the scene goes on. And at the end of it all no code lies there in the clear.
 */
export async function ownGround() {
  const engine = await proofEngine();
  afterAll(async () => {
    const inTheClear: Finding[] = [];
    const needles = needlesFor(CODE_MARK);
    const { endpoint: awsEndpoint, tables } = engine;
    for await (const kept of keptInTables({ awsEndpoint, region }, Object.values(tables)))
      inTheClear.push(...findIn(kept, needles));
    await engine.stop();
    expect(inTheClear).toEqual([]);
  });
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
