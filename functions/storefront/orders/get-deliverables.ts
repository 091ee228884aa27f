import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { revealPage } from "../../../shared/orders/goods.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { channels } from "../../runtime/callers.ts";
import { dependenciesOf, kmsClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { functions } from "./operations.ts";
import { showCode } from "./present.ts";

const { env, deps: given } = dependenciesOf(functions.getDeliverables);
const deps = { ...given, kms: kmsClient(), codesKey: env.CODES_KEY };

export const handler = httpFunction(
  "get-deliverables",
  functions.getDeliverables,
  { authenticate: channels(deps) },
  {
    getDeliverables: async ({ params, query, after, requestId, sourceIp }, { channelId, keyId }) => {
      const order = await readOrder(deps, params.orderId);
      if (order?.channelId !== channelId) return refuse("not_found", "There is no such order.");
      const looker = { keyId, sourceIp, requestId };
      const page = await revealPage(deps, order, looker, { from: Number(after ?? 0), limit: query.limit });
      if (!page.ok) return page;
      const { pieces, unreadable, next } = page.value;
      return ok({
        body: { data: pieces.map(({ lineId, code }) => ({ lineId, ...showCode(code) })), unreadable },
        next,
      });
    },
  },
);
