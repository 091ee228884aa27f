import { factsIn } from "../../shared/audit/differences.ts";
import { importFile } from "../../shared/inventory/import.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { sentencesFor } from "../../shared/stock-files/refusals.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, kmsClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { codeProduct } from "./code-product.ts";
import { importStockEnv } from "./env.ts";
import { operations } from "./operations.ts";

const env = readEnv(importStockEnv);
const deps = {
  db,
  tables: tablesIn(env),
  kms: kmsClient(),
  codesKey: env.CODES_KEY,
  fingerprintKey: env.FINGERPRINT_KEY,
  clock,
};

export const handler = httpFunction(
  "import-stock",
  operations.importStock,
  operators,
  async ({ params, query, text, requestId }, operator) => {
    const product = await codeProduct(deps, params.productId);
    if (!product.ok) return product;
    const { layout } = query;
    const { productId: subject } = params;
    const dryRun = query.dryRun === "true";
    const acrossShop = product.value.sharesCodes !== true;
    const readFile = () => importFile(deps, subject, text, { dryRun, layout, acrossShop });
    const what = factsIn({ bytes: Buffer.byteLength(text), layout });
    const said = { operator, requestId, action: "stock_imported", subject, what };
    const report = dryRun ? await readFile() : await audited(deps, said, readFile);
    if (!report.ok) return report;
    return ok({ body: { ...report.value, reasons: sentencesFor(report.value.refused) } });
  },
);
