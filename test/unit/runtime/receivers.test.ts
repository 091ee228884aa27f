import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { receiversFor } from "../../../functions/runtime/receivers.ts";
import { wrongWith } from "../../../shared/webhooks/address.ts";

const folder = await mkdtemp(join(tmpdir(), "vouchsafe-receivers-"));
afterAll(() => rm(folder, { recursive: true }));
const file = join(folder, "receivers");
writeFileSync(file, "127.0.0.1:4711\n");

test("a local stack allows the receivers that its file names, also those that are added later", () => {
  const allowed = receiversFor("local", file);
  expect(allowed()).toEqual(["127.0.0.1:4711"]);
  writeFileSync(file, "127.0.0.1:4711\n127.0.0.1:4712\n");
  expect(allowed()).toEqual(["127.0.0.1:4711", "127.0.0.1:4712"]);
});

test("a local stack without the file allows none", () => {
  expect(receiversFor("local", join(folder, "nothing"))()).toEqual([]);
  expect(receiversFor("local", undefined)()).toEqual([]);
});

test.each(["prod", "dev", undefined])("the environment %s ignores the file, whatever it names", (environment) => {
  const allowed = receiversFor(environment, file);
  expect(allowed()).toEqual([]);
  expect(wrongWith("http://127.0.0.1:4711/", allowed())).toBe("must be https");
});
