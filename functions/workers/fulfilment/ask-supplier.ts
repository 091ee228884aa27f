import { askSupplier } from "../../../shared/fulfilment/ask-supplier.ts";
import { dependenciesOfWorker, kmsClient, ssmClient } from "../../runtime/dependencies.ts";
import { taskFunction } from "../../runtime/task.ts";
import { OrderTask } from "./tasks.ts";
import { workers } from "./workers.ts";

const { env, deps: given } = dependenciesOfWorker(workers.askSupplier);
const deps = {
  ...given,
  ssm: ssmClient(),
  secretsPrefix: env.SECRETS_PREFIX,
  kms: kmsClient(),
  codesKey: env.CODES_KEY,
  fingerprintKey: env.FINGERPRINT_KEY,
};

export const handler = taskFunction("ask-supplier", OrderTask, ({ orderId }) => askSupplier(deps, orderId));
