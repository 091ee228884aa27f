import { globSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../infra/local/places.ts";

/**
 * The domains from the ground up. A domain may use those of the lines above its own, and of its own line nobody, so that there are no
 * cycles. The ground floor may be used by all.
 */
const LAYERS = [
  ["kernel"],
  ["aws", "secrecy"],
  ["events"],
  ["audit", "requests"],
  ["usage"],
  ["channels", "limits", "ledger", "pricing", "stock-files", "suppliers"],
  ["closings", "inventory", "catalog", "payments"],
  ["imports", "restock"],
  ["orders"],
  ["deliveries", "disputes", "fulfilment", "messages", "restore", "webhooks"],
  ["review", "reconciliation", "dead-letters", "buyers"],
  ["cases"],
  ["migration"],
] as const;

const layerOf = new Map<string, number>(LAYERS.flatMap((names, layer) => names.map((name) => [name, layer] as const)));

/** The domains that a file of `shared/` imports from, without its own. */
function usedBy(file: string, source: string): string[] {
  const [, own = ""] = file.split("/");
  const imported = [...source.matchAll(/from "(\.{1,2}\/[^"]+)"/g)].map(([, path = ""]) =>
    normalize(join(file, "..", path)),
  );
  return imported.map((path) => path.split("/")[1] ?? "").filter((domain) => domain !== own);
}

const wrongIn = (file: string, source: string): string[] =>
  usedBy(file, source)
    .filter((domain) => (layerOf.get(domain) ?? Infinity) >= (layerOf.get(file.split("/")[1] ?? "") ?? -1))
    .map((domain) => `${file} uses ${domain}`);

const files = globSync("shared/*/**/*.ts", { cwd: root });

test("every domain has its place in the table of layers, and the table names no other", () => {
  const domains = new Set(files.map((file) => file.split("/")[1] ?? ""));
  expect([...layerOf.keys()].toSorted()).toEqual([...domains].toSorted());
});

test("domains use only those below them: there are no cycles", () => {
  expect(files.flatMap((file) => wrongIn(file, readFileSync(join(root, file), "utf8")))).toEqual([]);
});

test("what looks up, or to its side, is found", () => {
  const above = 'import { a } from "../orders/model.ts";\nimport { b } from "./b.ts";';
  expect(wrongIn("shared/ledger/x.ts", above)).toEqual(["shared/ledger/x.ts uses orders"]);
  expect(wrongIn("shared/suppliers/dtone/x.ts", 'import { a } from "../../ledger/model.ts";')).toHaveLength(1);
  expect(wrongIn("shared/review/x.ts", above)).toEqual([]);
});
