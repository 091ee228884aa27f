import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { lookWithinDay } from "../../../shared/orders/day-use.ts";
import { piecesToSee, revealPage } from "../../../shared/orders/goods.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { forChannels } from "../../runtime/callers.ts";
import { dependenciesOf, kmsClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { functions } from "./operations.ts";
import { showCode } from "./present.ts";

const { env, deps: given } = dependenciesOf(functions.getDeliverables);
const deps = { ...given, kms: kmsClient(), codesKey: env.CODES_KEY };

export const handler = httpFunction(
  "get-deliverables",
  functions.getDeliverables,
  { ...forChannels(deps) },
  {
    getDeliverables: async ({ params, query, after, requestId, sourceIp }, user) => {
      const { channelId, keyId } = user;
      const order = await readOrder(deps, params.orderId);
      if (order?.channelId !== channelId) return refuse("not_found", "There is no such order.");
      const looker = { keyId, sourceIp, requestId };
      const from = Number(after ?? 0);
      const seen = Math.min(query.limit, Math.max(0, piecesToSee(order) - from));
      const within = await lookWithinDay(deps, user, seen);
      if (!within.ok) return within;
      const page = await revealPage(deps, order, looker, { from, limit: query.limit });
      if (!page.ok) return page;
      const { pieces, unreadable, next } = page.value;
      return ok({
        body: { data: pieces.map(({ lineId, code }) => ({ lineId, ...showCode(code) })), unreadable },
        next,
      });
    },
  },
);
