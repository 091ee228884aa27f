import { factsIn } from "../../shared/audit/differences.ts";
import { ssmClient } from "../../shared/aws/clients.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { recogniser } from "../../shared/secrecy/recognition.ts";
import { isSandbox } from "../../shared/suppliers/sandboxes.ts";
import { createSupplier } from "../../shared/suppliers/settings.ts";
import { operators } from "../runtime/callers.ts";
import { db, kmsClient, tablesIn } from "../runtime/dependencies.ts";
import { environment, readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { madeOnRecord } from "./audited.ts";
import { createSupplierEnv } from "./env.ts";
import { operations } from "./operations.ts";

const env = readEnv(createSupplierEnv);
const deps = {
  db,
  tables: tablesIn(env),
  ssm: ssmClient(),
  secretsPrefix: env.SECRETS_PREFIX,
  recognise: recogniser(kmsClient(), env.RECOGNITION_KEY),
};

export const handler = httpFunction(
  "create-supplier",
  operations.createSupplier,
  operators,
  async ({ body, idempotencyKey, requestId }, operator) => {
    const created = await createSupplier(deps, body, idempotencyKey);
    if (!created.ok) return created;
    const { value: supplier } = created;
    const { id: subject } = supplier;
    await madeOnRecord(deps, { operator, requestId, action: "supplier_created", subject, what: factsIn(supplier) });
    const isMistake = environment() === "prod" && isSandbox(supplier.baseUrl);
    return ok({ body: isMistake ? { ...supplier, warnings: ["baseUrl_is_a_sandbox"] } : supplier });
  },
);
