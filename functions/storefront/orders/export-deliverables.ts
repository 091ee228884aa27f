import { refuse } from "../../../shared/kernel/problem.ts";
import { lookWithinDay } from "../../../shared/orders/day-use.ts";
import { piecesToSee } from "../../../shared/orders/goods.ts";
import { writeGoodsFile } from "../../../shared/orders/goods-file.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { forChannels } from "../../runtime/callers.ts";
import { dependenciesOf, kmsClient, s3Client } from "../../runtime/dependencies.ts";
import { answer } from "../../runtime/handler.ts";
import { httpFunction } from "../../runtime/http.ts";
import { remembering } from "../../runtime/idempotency.ts";
import { functions } from "./operations.ts";

const { env, deps: given } = dependenciesOf(functions.exportDeliverables);
const deps = { ...given, kms: kmsClient(), codesKey: env.CODES_KEY, s3: s3Client(), goodsBucket: env.GOODS_BUCKET };
const shell = { ...forChannels(deps), remember: remembering(deps) };

export const handler = httpFunction("export-deliverables", functions.exportDeliverables, shell, {
  exportDeliverables: async ({ params, body, idempotencyKey, requestId, sourceIp }, user) => {
    const { channelId, keyId } = user;
    const order = await readOrder(deps, params.orderId);
    if (order?.channelId !== channelId) return refuse("not_found", "There is no such order.");
    const within = await lookWithinDay(deps, user, piecesToSee(order));
    if (!within.ok) return within;
    const looker = { keyId, sourceIp, requestId };
    return answer(await writeGoodsFile(deps, order, looker, { recipient: body.recipient, name: idempotencyKey }));
  },
});
