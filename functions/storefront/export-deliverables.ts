import { ok, refuse } from "../../shared/kernel/problem.ts";
import { writeGoodsFile } from "../../shared/orders/goods-file.ts";
import { readOrder } from "../../shared/orders/table.ts";
import { channels } from "../runtime/callers.ts";
import { clock, db, kmsClient, s3Client, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { remembering } from "../runtime/idempotency.ts";
import { exportDeliverablesEnv } from "./env.ts";
import { operations } from "./operations.ts";

const env = readEnv(exportDeliverablesEnv);
const deps = {
  db,
  tables: tablesIn(env),
  clock,
  kms: kmsClient(),
  codesKey: env.CODES_KEY,
  s3: s3Client(),
  goodsBucket: env.GOODS_BUCKET,
};

export const handler = httpFunction(
  "export-deliverables",
  operations.exportDeliverables,
  channels(deps),
  async ({ params, body, idempotencyKey, requestId, sourceIp }, caller) => {
    const order = await readOrder(deps, params.orderId);
    if (order?.channelId !== caller.channelId) return refuse("not_found", "There is no such order.");
    const looker = { keyId: caller.keyId, sourceIp, requestId };
    const file = await writeGoodsFile(deps, order, looker, { recipient: body.recipient, name: idempotencyKey });
    return file.ok ? ok({ body: file.value }) : file;
  },
  remembering(deps),
);
