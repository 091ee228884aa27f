import { askSupplier } from "../../shared/fulfilment/ask-supplier.ts";
import { clock, db, kmsClient, ssmClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { taskFunction } from "../runtime/task.ts";
import { askSupplierEnv } from "./env.ts";
import { OrderTask } from "./tasks.ts";

const env = readEnv(askSupplierEnv);
const deps = {
  db,
  tables: tablesIn(env),
  clock,
  ssm: ssmClient(),
  secretsPrefix: env.SECRETS_PREFIX,
  kms: kmsClient(),
  codesKey: env.CODES_KEY,
  fingerprintKey: env.FINGERPRINT_KEY,
};

export const handler = taskFunction("ask-supplier", OrderTask, ({ orderId }) => askSupplier(deps, orderId));
