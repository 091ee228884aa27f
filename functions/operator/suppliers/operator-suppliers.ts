import { factsIn } from "../../../shared/audit/differences.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { recogniser } from "../../../shared/secrecy/recognition.ts";
import { askSync } from "../../../shared/suppliers/ask-sync.ts";
import { findSupplier } from "../../../shared/suppliers/find.ts";
import { listSuppliers } from "../../../shared/suppliers/list.ts";
import { readSync } from "../../../shared/suppliers/offers.ts";
import { isSandbox } from "../../../shared/suppliers/sandboxes.ts";
import { createSupplier } from "../../../shared/suppliers/settings.ts";
import { listChanges } from "../../../shared/suppliers/sync.ts";

import { dependenciesOf, kmsClient, sqsClient, ssmClient } from "../../runtime/dependencies.ts";
import { environment } from "../../runtime/env.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts, made } from "../../runtime/record.ts";
import { forOperators } from "../../runtime/shells.ts";
import { functions } from "./operations.ts";

const { env, deps: given } = dependenciesOf(functions.operatorSuppliers);
const deps = {
  ...given,
  ssm: ssmClient(),
  secretsPrefix: env.SECRETS_PREFIX,
  recognise: recogniser(kmsClient(), env.RECOGNITION_KEY),
  sqs: sqsClient(),
  syncQueueUrl: env.SYNC_QUEUE_URL,
};

export const handler = httpFunction("operator-suppliers", functions.operatorSuppliers, forOperators(deps), {
  createSupplier: async ({ body, idempotencyKey }) => {
    const created = await createSupplier(deps, body, idempotencyKey);
    if (!created.ok) return created;
    const { value: supplier } = created;
    const isMistake = environment() === "prod" && isSandbox(supplier.baseUrl);
    const shown = isMistake ? { ...supplier, warnings: ["baseUrl_is_a_sandbox" as const] } : supplier;
    return made({ what: factsIn(supplier), names: { id: supplier.id } }, { body: shown });
  },

  getSupplier: async ({ params: { supplierId } }) => {
    const supplier = await findSupplier(deps, supplierId);
    return supplier === undefined ? refuse("not_found", "There is no such supplier.") : ok({ body: supplier });
  },

  listSuppliers: async ({ query: { limit }, after }) => {
    const { suppliers, next } = await listSuppliers(deps, limit, after);
    return ok({ body: { data: suppliers }, next });
  },

  requestSync: async ({ params: { supplierId } }) => {
    const supplier = await findSupplier(deps, supplierId);
    if (supplier === undefined) return refuse("not_found", "There is no such supplier.");
    const { name, protocol } = supplier;
    return acts({ what: { name, protocol } }, async () => {
      const now = deps.clock();
      await askSync(deps, supplierId, now);
      return ok({ body: { supplierId, askedAt: now.toISOString() } });
    });
  },

  showSync: async ({ params: { supplierId }, query, after }) => {
    if ((await findSupplier(deps, supplierId)) === undefined) return refuse("not_found", "There is no such supplier.");
    const { changes, next } = await listChanges(deps, supplierId, query.limit, after);
    return ok({ body: { ...(await readSync(deps, supplierId)), data: changes }, next });
  },
});
