import { expect, test } from "vitest";
import { bundleFunctions } from "../../../infra/local/bundle-functions.ts";
import { Problem } from "../../../infra/local/problems.ts";
import { ownFunction } from "../../support/local/own-function.ts";

test("a bundle says what it is made of, and has another hash with other code", async () => {
  const { write, folder, spec } = ownFunction("greet");
  const [before] = await bundleFunctions([spec]);
  expect([...(before?.sources ?? [])].toSorted()).toEqual([`${folder}/function.ts`, `${folder}/said.ts`]);
  expect([...(before?.files.keys() ?? [])].toSorted()).toEqual(["index.mjs", "index.mjs.map"]);
  expect((await bundleFunctions([spec]))[0]?.hash).toBe(before?.hash);

  write("said.ts", 'export const said = "goodbye";');
  expect((await bundleFunctions([spec]))[0]?.hash).not.toBe(before?.hash);
});

test("a bundle that can't be built is a problem that names file and line", async () => {
  const { write, folder, spec } = ownFunction("greet");
  write("said.ts", "export const said = ;");
  const failure = bundleFunctions([spec]);
  await expect(failure).rejects.toThrow(Problem);
  await expect(failure).rejects.toThrow(`${folder}/said.ts:1:20`);
});
