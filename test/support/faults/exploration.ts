import { afterAll, beforeAll, vi } from "vitest";
import { proofEngine } from "../engine/proof-engine.ts";
import type { SecondEngine } from "../engine/second-engine.ts";

// What explorers have in common: time that they move, an engine, and seeds that are played one after another.

const START = Date.parse("2026-03-01T12:00:00.000Z");

/** One seed's end: everything that is wrong, how it came to that, and in which states its orders are. */
export type Explored = { wrong: string[]; story: string[]; states: string[] };

/** Gives the tests of a file an engine, and a time that stands still but for what `passes`. */
export function exploration() {
  let engine: SecondEngine;
  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    engine = await proofEngine();
  });
  afterAll(async () => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    await engine.stop();
  });
  return {
    engine: (): SecondEngine => engine,
    begins: (): void => {
      vi.setSystemTime(START);
    },
    passes: (ms: number): void => {
      vi.setSystemTime(Date.now() + ms);
    },
  };
}

/** The seed that the command line names, if it does: then its story is told as well. */
const { SEED } = process.env;

/** Plays the seeds, or the one that `SEED` names. Returns those after which something is wrong, and how many orders ended in each state. */
export async function playSeeds(seeds: readonly number[], explore: (seed: number) => Promise<Explored>) {
  const played = SEED === undefined ? seeds : [Number(SEED)];
  const failed: object[] = [];
  const states = new Map<string, number>();
  for (const seed of played) {
    const { wrong, story, states: ends } = await explore(seed);
    for (const state of ends) states.set(state, (states.get(state) ?? 0) + 1);
    if (wrong.length > 0) failed.push({ seed, wrong, ...(SEED === undefined ? {} : { story }) });
  }
  return { failed, played: played.length, states: JSON.stringify([...states]) };
}
