import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { writeCalls } from "../../../infra/client/calls.ts";
import { CLIENT } from "../../../infra/client/pack.ts";

test("the client's types are those of the API: `npm run client` writes them anew", async () => {
  expect(await writeCalls()).toBe(readFileSync(`${CLIENT}/calls.ts`, "utf8"));
});
