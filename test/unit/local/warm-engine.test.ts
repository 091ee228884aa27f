import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { hashOf } from "../../../infra/local/code-hash.ts";
import type { LocalStack } from "../../../infra/local/stack-file.ts";
import { findWarmEngine, removeEngineFile, writeEngineFile } from "../../../infra/local/warm-engine.ts";
import { isWarmEngineWanted } from "../../support/engine/app-on-engine.ts";

function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "vouchsafe-warm-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** An engine that is alive and says so, and the file where it says what is on it. */
async function engineUp() {
  const server = createServer((_request, response) => response.end("{}")).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  const stack = { awsEndpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } as LocalStack;
  const file = join(ownFolder(), "engine.json");
  const deploy = (code: { functions: string; stacks: string }) => writeEngineFile({ stack, code }, file);
  await deploy(code);
  const find = (now = code) => findWarmEngine({ file, now: () => Promise.resolve(now), patienceMs: 300 });
  return { stack, file, deploy, find, server };
}

const code = { functions: "f1", stacks: "s1" };

test("an engine with just this code is used", async () => {
  const { find, stack } = await engineUp();
  expect(await find()).toEqual({ usable: true, stack });
});

test("an engine with other functions or stacks is not used, and the reason says which", async () => {
  const { find } = await engineUp();
  expect(await find({ ...code, functions: "f2" })).toMatchObject({
    usable: false,
    reason: expect.stringMatching("other code"),
  });
  expect(await find({ ...code, stacks: "s2" })).toMatchObject({
    usable: false,
    reason: expect.stringMatching("stacks"),
  });
});

test("an engine that follows a change in a moment is waited for", async () => {
  const { find, deploy, stack } = await engineUp();
  const found = find({ ...code, functions: "f2" });
  await sleep(50);
  await deploy({ ...code, functions: "f2" });
  expect(await found).toEqual({ usable: true, stack });
});

test("the file of an engine that is gone counts for nothing", async () => {
  const { find, server } = await engineUp();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(await find()).toMatchObject({ usable: false, reason: expect.stringMatching("no engine is up") });
});

test("an engine removes its own file, and leaves that of a later one", async () => {
  const { file, find, stack } = await engineUp();
  removeEngineFile({ ...stack, awsEndpoint: "http://127.0.0.1:1" }, file);
  expect(await find()).toMatchObject({ usable: true });
  removeEngineFile(stack, file);
  expect(await find()).toMatchObject({ usable: false });
});

test("only who asks for the warm engine gets it; npm test and the proof never do", () => {
  const asked = { ENGINE: "warm" };
  expect(isWarmEngineWanted(asked, false)).toBe(true);
  expect(isWarmEngineWanted({}, false)).toBe(false);
  expect(isWarmEngineWanted({ ...asked, npm_lifecycle_event: "test" }, false)).toBe(false);
  expect(isWarmEngineWanted(asked, true)).toBe(false);
});

test("a hash tells contents and names apart, and not the order in which files are found", () => {
  const home = ownFolder();
  for (const file of ["a", "b"]) writeFileSync(join(home, file), "same");
  const before = hashOf(["a", "b"], home);
  expect(hashOf(["b", "a"], home)).toBe(before);
  expect(hashOf(["a"], home)).not.toBe(hashOf(["b"], home));
  writeFileSync(join(home, "b"), "other");
  expect(hashOf(["a", "b"], home)).not.toBe(before);
});
