import { listRecords } from "../../../shared/audit/list.ts";
import { erasePersonalData } from "../../../shared/buyers/erase.ts";
import { findChannel } from "../../../shared/channels/keys.ts";
import { inspectOrder } from "../../../shared/fulfilment/inspect.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { pick } from "../../../shared/kernel/pick.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { findOrders } from "../../../shared/orders/find.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { searchOrders } from "../../../shared/orders/search.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { operators } from "../../runtime/callers.ts";
import { dependenciesOf, sfnClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts, recording } from "../../runtime/record.ts";
import { operations } from "../operations.ts";
import { functions } from "./operations.ts";
import { operatorDocument } from "./operator-document.ts";

const { env, deps: given } = dependenciesOf(functions.operatorOrders);
const deps = { ...given, sfn: sfnClient(), workflowArn: env.WORKFLOW_ARN };

const IN_A_LIST = [
  "id",
  "channelId",
  "state",
  "placedAt",
  "total",
  "refunded",
  "reference",
  "campaign",
  "overdue",
] as const satisfies readonly (keyof Order)[];

const searchedFrom = (now: Date): string => new Date(now.getTime() - LIMITS.searchedSeconds * 1000).toISOString();

export const handler = httpFunction(
  "operator-orders",
  functions.operatorOrders,
  { authenticate: operators, record: recording(deps), known: operations },
  {
    inspectOrder: async ({ params: { orderId } }) => {
      const timeline = await inspectOrder(deps, orderId);
      return timeline === undefined ? refuse("not_found", "There is no such order.") : ok({ body: timeline });
    },

    listOrdersOf: async ({ query: { channel: channelId, state, reference, since, limit }, after }) => {
      if (channelId === undefined) {
        const search = { state, reference: reference ?? "", since: since ?? searchedFrom(deps.clock()) };
        const { orders, next } = await searchOrders(deps, search, limit, after);
        return ok({ body: { data: orders.map((order) => pick(order, IN_A_LIST)) }, next });
      }
      if ((await findChannel(deps, channelId)) === undefined)
        return refuse("invalid_request", "There is no such channel.", [
          { pointer: "/query/channel", message: "is not a channel" },
        ]);
      const { orders, next } = await findOrders(deps, { channelId, state, reference, since }, limit, after);
      return ok({ body: { data: orders.map((order) => pick(order, IN_A_LIST)) }, next });
    },

    eraseOrderContact: async ({ params: { orderId } }) => {
      const order = await readOrder(deps, orderId);
      if (order === undefined) return refuse("not_found", "There is no such order.");
      return acts({ what: { channelId: order.channelId, hadContact: order.contact !== undefined } }, async () => {
        const erased = await erasePersonalData(deps, orderId);
        return erased.ok ? ok({ body: pick(erased.value, IN_A_LIST) }) : erased;
      });
    },

    listRecords: async ({ query: { subject, limit }, after }) => {
      const { records, next } = await listRecords(deps, subject, limit, after);
      return ok({ body: { data: records }, next });
    },

    getOperatorOpenapi: async () => ok({ body: operatorDocument() }),
  },
);
