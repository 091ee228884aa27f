import { factsIn } from "../../../shared/audit/differences.ts";
import { createImport } from "../../../shared/imports/requests.ts";
import { tagKeyOf } from "../../../shared/inventory/fingerprints.ts";
import { importFile } from "../../../shared/inventory/import.ts";
import { ok } from "../../../shared/kernel/problem.ts";
import { sentencesFor } from "../../../shared/stock-files/refusals.ts";
import { dependenciesOf, kmsClient, s3Client } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts, made } from "../../runtime/record.ts";
import { forOperators } from "../../runtime/shells.ts";
import { ofCodeProducts } from "../code-product.ts";
import { knownCreditor } from "./known-creditor.ts";
import { functions } from "./operations.ts";
import { shownImport } from "./shown-import.ts";

const { env, deps: given } = dependenciesOf(functions.importStock);
const deps = {
  ...given,
  kms: kmsClient(),
  codesKey: env.CODES_KEY,
  fingerprintKey: env.FINGERPRINT_KEY,
  s3: s3Client(),
  uploadBucket: env.UPLOAD_BUCKET,
};

const handlers = ofCodeProducts(deps, functions.importStock, {
  importStock: async ({ params: { productId }, query, text }, { sharesCodes }) => {
    const { layout, unitCost, supplierId } = query;
    const owed = await knownCreditor(deps, query);
    if (!owed.ok) return owed;
    const cost = unitCost === undefined ? undefined : { unitCost, supplierId };
    const dryRun = query.dryRun === "true";
    const acrossShop = sharesCodes !== true;
    const readFile = async () => {
      const report = await importFile(deps, productId, text, { dryRun, layout, acrossShop, cost });
      return report.ok ? ok({ body: { ...report.value, reasons: sentencesFor(report.value.refused) } }) : report;
    };
    return dryRun
      ? readFile()
      : acts({ what: factsIn({ bytes: Buffer.byteLength(text), layout, unitCost, supplierId }) }, readFile);
  },

  createImport: async ({ params: { productId }, body, idempotencyKey }, { sharesCodes = false }) => {
    const owed = await knownCreditor(deps, body);
    if (!owed.ok) return owed;
    const asked = { ...body, sharesCodes };
    const created = await createImport(deps, productId, asked, idempotencyKey);
    if (!created.ok) return created;
    const { made: fresh, uploadUrl } = created.value;
    const { importId, batchId, dryRun, layout, unitCost, supplierId } = fresh;
    const facts = {
      what: factsIn({ importId, batchId, dryRun, layout: layout ?? {}, unitCost, supplierId }),
      names: { kind: body.sealed ? "sealed_import" : "import" },
    };
    const shown = { ...shownImport(fresh), uploadUrl };
    if (!body.sealed) return made(facts, { body: shown });
    const tagKey = Buffer.from(await tagKeyOf(deps, productId)).toString("base64");
    return made(facts, { body: { ...shown, tagKey } });
  },
});

export const handler = httpFunction("import-stock", functions.importStock, forOperators(deps), handlers);
