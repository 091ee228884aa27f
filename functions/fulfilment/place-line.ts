import { placeLine } from "../../shared/fulfilment/place-line.ts";
import { clock, db, kmsClient, ssmClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { taskFunction } from "../runtime/task.ts";
import { placeLineEnv } from "./env.ts";
import { LineTask } from "./tasks.ts";

const env = readEnv(placeLineEnv);
const deps = {
  db,
  tables: tablesIn(env),
  clock,
  kms: kmsClient(),
  personalKey: env.PERSONAL_KEY,
  ssm: ssmClient(),
  secretsPrefix: env.SECRETS_PREFIX,
};

export const handler = taskFunction("place-line", LineTask, ({ orderId, lineId }) => placeLine(deps, orderId, lineId));
