import { factsIn } from "../../../shared/audit/differences.ts";
import { listImports } from "../../../shared/imports/list.ts";
import { progressOf } from "../../../shared/imports/model.ts";
import { cancelImport, generateCodes, startImport } from "../../../shared/imports/requests.ts";
import { listSegments } from "../../../shared/imports/table.ts";
import { ok } from "../../../shared/kernel/problem.ts";
import { sentencesFor } from "../../../shared/stock-files/refusals.ts";
import { dependenciesOf, s3Client, sqsClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts } from "../../runtime/record.ts";
import { forOperators } from "../../runtime/shells.ts";
import { codeProduct } from "../code-product.ts";
import { knownImport, stateFacts } from "./known-import.ts";
import { functions } from "./operations.ts";
import { shownImport } from "./shown-import.ts";

const { env, deps: given } = dependenciesOf(functions.operatorImports);
const deps = {
  ...given,
  s3: s3Client(),
  uploadBucket: env.UPLOAD_BUCKET,
  sqs: sqsClient(),
  importQueueUrl: env.IMPORT_QUEUE_URL,
};

/** A segment may refuse all of its 5,000 lines: some 350 KB at most, which an item can hold. */
const SEGMENTS_PER_PAGE = 5;

export const handler = httpFunction("operator-imports", functions.operatorImports, forOperators(deps), {
  generateCodes: async ({ params: { productId }, body, idempotencyKey }) => {
    const product = await codeProduct(deps, productId);
    if (!product.ok) return product;
    return acts({ what: factsIn(body) }, async () => {
      const asked = await generateCodes(deps, productId, body, idempotencyKey, product.value.sharesCodes);
      return asked.ok ? ok({ body: shownImport(asked.value) }) : asked;
    });
  },

  startImport: async ({ params: { importId } }) => {
    const known = await knownImport(deps, importId);
    if (!known.ok) return known;
    const { productId } = known.value;
    return acts({ ...stateFacts(known.value, { awaiting_file: "running" }), names: { productId } }, async () => {
      const started = await startImport(deps, importId);
      return started.ok ? ok({ body: shownImport(started.value) }) : started;
    });
  },

  listImports: async ({ query: { limit, ...filter }, after }) => {
    const { imports, next } = await listImports(deps, filter, limit, after);
    return ok({ body: { data: imports.map(shownImport) }, next });
  },

  showImport: async ({ params: { importId } }) => {
    const known = await knownImport(deps, importId);
    if (!known.ok) return known;
    return ok({ body: { ...shownImport(known.value), ...progressOf(known.value, deps.clock()) } });
  },

  listRefusals: async ({ params: { importId }, after }) => {
    const known = await knownImport(deps, importId);
    if (!known.ok) return known;
    const from = after === undefined ? undefined : Number(after);
    const { segments, next } = await listSegments(deps, importId, SEGMENTS_PER_PAGE, from);
    const data = segments.flatMap(({ refused }) => refused);
    return ok({ body: { data, reasons: sentencesFor(data) }, next });
  },

  cancelImport: async ({ params: { importId } }) => {
    const known = await knownImport(deps, importId);
    if (!known.ok) return known;
    const { productId } = known.value;
    const facts = stateFacts(known.value, { awaiting_file: "cancelled", running: "cancelling" });
    return acts({ ...facts, names: { productId } }, async () => {
      const cancelled = await cancelImport(deps, importId);
      return cancelled.ok ? ok({ body: shownImport(cancelled.value) }) : cancelled;
    });
  },
});
