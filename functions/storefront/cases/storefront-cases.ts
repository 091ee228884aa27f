import { caseOf, casesOf } from "../../../shared/cases/list.ts";
import { openCase } from "../../../shared/cases/open.ts";
import { ok } from "../../../shared/kernel/problem.ts";
import { showCase } from "../../cases.ts";
import { forChannels } from "../../runtime/callers.ts";
import { dependenciesOf } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { functions } from "./operations.ts";

const { deps } = dependenciesOf(functions.storefrontCases);

/** It does for a case what our own stock can. What takes more is the schedule's. */
export const handler = httpFunction(
  "storefront-cases",
  functions.storefrontCases,
  { ...forChannels(deps) },
  {
    openCase: async ({ params: { orderId }, body, idempotencyKey }, { channelId }) => {
      const opened = await openCase(deps, orderId, body, { opener: "channel", key: idempotencyKey, channelId });
      return opened.ok ? ok({ body: showCase(opened.value) }) : opened;
    },

    listCases: async ({ params: { orderId } }, { channelId }) => {
      const found = await casesOf(deps, channelId, orderId);
      return found.ok ? ok({ body: { data: found.value.map(showCase) } }) : found;
    },

    getCase: async ({ params: { orderId, caseId } }, { channelId }) => {
      const found = await caseOf(deps, channelId, orderId, caseId);
      return found.ok ? ok({ body: showCase(found.value) }) : found;
    },
  },
);
