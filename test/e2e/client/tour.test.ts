import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { CLIENT, packClient } from "../../../infra/client/pack.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { openShop, stockProduct } from "../../support/orders/shop.ts";

const run = promisify(execFile);

test("the client's README sells a code, word for word, from a package that was installed, and its types hold", async () => {
  const stack = deployedStack();
  const [shop, { productId, codes }] = await Promise.all([openShop(), stockProduct(stack, 3)]);
  const [program] = /(?<=```ts\n)[^`]*(?=```)/.exec(readFileSync(`${CLIENT}/README.md`, "utf8")) ?? [];
  const storefront = mkdtempSync(join(tmpdir(), "storefront-"));
  try {
    await packClient(join(storefront, "client"));
    writeFileSync(join(storefront, "package.json"), JSON.stringify({ type: "module", private: true }));
    await run("npm", ["install", "--offline", "--no-audit", "--no-fund", "./client"], { cwd: storefront });
    writeFileSync(join(storefront, "sell.ts"), program ?? "");
    const strict = ["--strict", "--noEmit", "--module", "nodenext", "--target", "es2024", "--types", "node"];
    const types = ["--typeRoots", resolve("node_modules/@types"), "--exactOptionalPropertyTypes"];
    await run(resolve("node_modules/.bin/tsc"), [...strict, ...types, "sell.ts"], { cwd: storefront });
    const env = { ...process.env, API: stack.apiUrl, KEY: shop.key, PRODUCT: productId };
    const sell = () => run(process.execPath, ["sell.ts"], { cwd: storefront, env });
    const [first, second] = [await sell(), await sell()];
    const sold = codes.filter((code) => first.stdout.includes(code));
    expect(sold).toHaveLength(2);
    expect(first.stdout).toContain(productId);
    // The order has a key of the shop's own: whoever runs the program again after a crash gets the same codes.
    expect(codes.filter((code) => second.stdout.includes(code))).toEqual(sold);
  } finally {
    rmSync(storefront, { recursive: true, force: true });
  }
});
