import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PROBLEMS } from "../../../shared/kernel/problem.ts";

test("the API's README lists every error code with its status and title, and no other", () => {
  const rows = readFileSync("functions/storefront/README.md", "utf8").matchAll(
    /^\| `([a-z_]+)` \| (\d{3}) \| ([^|]+) \| [^|]+ \|$/gm,
  );
  const told = [...rows].map(([, code, status, title]) => ({ code, status: Number(status), title }));
  const known = Object.entries(PROBLEMS).map(([code, { status, title }]) => ({ code, status, title }));
  const byCode = (a: { code?: string | undefined }, b: { code?: string | undefined }): number =>
    String(a.code).localeCompare(String(b.code));
  expect(told.sort(byCode)).toEqual(known.sort(byCode));
});
