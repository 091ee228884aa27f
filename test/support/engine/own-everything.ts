import { afterAll } from "vitest";
import type { Calls } from "../faults/calls.ts";
import { domainOn, type Everything, everythingOn } from "./on-second-engine.ts";
import { proofEngine } from "./proof-engine.ts";

/**
 * All use cases, with suppliers, queues and workflows, on an engine that is the test file's own and ends with it. `born` makes a
 * process whose calls to tables are watched: one that can die.
 */
export async function ownEverything(options: Parameters<typeof everythingOn>[1] = {}) {
  const engine = await proofEngine();
  afterAll(() => engine.stop());
  const ground = everythingOn(engine, options);
  const born = (calls: Calls): Everything["deps"] => ({ ...ground.deps, db: domainOn(engine, { calls }).db });
  return { engine, ground, deps: ground.deps, born };
}
