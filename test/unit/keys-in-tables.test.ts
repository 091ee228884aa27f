import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("keys of items are made in the table.ts of their domain, and nowhere else", () => {
  const files = globSync("shared/**/*.ts").filter((file) => !file.endsWith("/table.ts"));
  const making = files.filter((file) => /\b[ps]k: ["`A-Z$]/.test(readFileSync(file, "utf8")));
  expect(files.length).toBeGreaterThan(100);
  expect(making).toEqual([]);
});
