import { expect, test } from "vitest";
import type { Bundle, BundledFunction } from "../../../infra/local/bundle-functions.ts";
import { liveCode } from "../../../infra/local/live-code.ts";
import { Problem } from "../../../infra/local/problems.ts";

const sell: BundledFunction = { kebabName: "sell", source: "sell" };
const show: BundledFunction = { kebabName: "show", source: "show" };

/** Two functions that share `money.ts`. What is in a file is what the bundle is made of. */
function shop() {
  const files: Record<string, string> = { "sell.ts": "a", "show.ts": "b", "money.ts": "c" };
  const bundled: string[][] = [];
  const updated: string[] = [];
  const state = { engineIsUp: true };
  const bundle = async (specs: readonly BundledFunction[]): Promise<Bundle[]> => {
    bundled.push(specs.map(({ kebabName }) => kebabName));
    return specs.map((spec) => {
      const sources = new Set([`${spec.source}.ts`, "money.ts"]);
      const hash = [...sources].map((file) => files[file]).join();
      if (hash.includes("broken")) throw new Problem("It can't be built.");
      return { spec, files: new Map(), hash, sources };
    });
  };
  const update = async ({ spec }: Bundle): Promise<void> => {
    if (!state.engineIsUp) throw new Problem("The engine refused.");
    updated.push(spec.kebabName);
  };
  return { files, bundled, updated, state, code: liveCode({ specs: [sell, show], bundle, update }) };
}

async function runningShop() {
  const ground = shop();
  expect(await ground.code.follow([])).toEqual([]);
  ground.bundled.length = 0;
  return ground;
}

test("only functions that are made of a changed file are bundled again", async () => {
  const { files, bundled, code } = await runningShop();
  files["show.ts"] = "new";
  expect(await code.follow(["show.ts"])).toEqual(["show"]);
  files["money.ts"] = "new";
  expect(await code.follow(["money.ts"])).toEqual(["sell", "show"]);
  await code.follow(["unused.ts"]);
  expect(bundled).toEqual([["show"], ["sell", "show"]]);
});

test("a function whose bundle is the same is not updated", async () => {
  const { updated, code } = await runningShop();
  expect(await code.follow(["money.ts"])).toEqual([]);
  expect(updated).toEqual([]);
});

test("what changed while the app was deployed is updated, whether the deployment saw it or not", async () => {
  const { updated, code } = shop();
  expect(await code.follow(["show.ts"])).toEqual(["show"]);
  expect(updated).toEqual(["show"]);
});

test("while one function can't be built none is updated, and the change is live when it can be", async () => {
  const { files, updated, code } = await runningShop();
  files["money.ts"] = "new";
  files["show.ts"] = "broken";
  await expect(code.follow(["money.ts", "show.ts"])).rejects.toThrow("It can't be built.");
  expect(updated).toEqual([]);
  files["show.ts"] = "b";
  expect(await code.follow(["show.ts"])).toEqual(["sell", "show"]);
});

test("an update that the engine refused is tried again with the next change", async () => {
  const { files, state, code } = await runningShop();
  files["sell.ts"] = "new";
  state.engineIsUp = false;
  await expect(code.follow(["sell.ts"])).rejects.toThrow("The engine refused.");
  state.engineIsUp = true;
  expect(await code.follow(["show.ts"])).toEqual(["sell"]);
});
