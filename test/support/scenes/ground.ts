import { afterAll, expect, inject } from "vitest";
import { type Everything, everythingOn } from "../engine/on-second-engine.ts";
import { startSecondEngine } from "../engine/second-engine.ts";
import { noteExpressions } from "./expressions.ts";
import { readEnds } from "./item-ends.ts";
import { writeRecord } from "./records.ts";

/**
 * Starts a second engine for one file of scenes, with every use case on it. When the file is over, each item that it has left must end
 * as its kind does, and what it has sent is kept for `test/completeness`.
 */
export async function sceneGround(): Promise<Everything> {
  const { testPath: file = "" } = expect.getState();
  const engine = await startSecondEngine();
  const ground = everythingOn(engine);
  const sent = noteExpressions(ground.deps.db);
  afterAll(async () => {
    const { kinds, wrong } = await readEnds(everythingOn(engine).deps);
    await engine.stop();
    expect(wrong).toEqual([]);
    writeRecord(inject("sceneRecords"), { file, sent, kinds });
  });
  return ground;
}
