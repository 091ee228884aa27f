import { deployedStack } from "../engine/deployed-stack.ts";
import { http, openShop, order, stockProduct } from "../orders/shop.ts";
import { buyerScenes } from "./buyer-scenes.ts";
import type { Scene } from "./webhook-scenes.ts";

/** Acts of operators on cases and people, with what their records say. */
export const caseScenes = {
  ...buyerScenes,
  changeCaseSettings: async (): Promise<Scene> => ({
    path: "/admin/v1/settings/cases",
    json: { byRulePerBuyer: 4 },
    subject: "settings",
    says: { action: "case_settings_changed", before: { byRulePerBuyer: 3 }, after: { byRulePerBuyer: 4 } },
  }),
  decideCase: async (): Promise<Scene> => {
    const stack = deployedStack();
    const [shop, { productId }] = await Promise.all([openShop(), stockProduct(stack, 1)]);
    const { body } = await order(shop, [{ productId, quantity: 1 }]);
    const asked = { key: shop.key, json: { kind: "refund", lineId: "1" }, headers: { "Idempotency-Key": "one" } };
    const { body: one } = await http(stack, "POST", `/v1/orders/${body.id}/cases`, asked);
    const what = { case: one.id, line: "1", because: "too_late" };
    return {
      path: `/admin/v1/cases/${one.id}/decisions`,
      json: { action: "refuse", because: "too_late", reason: "late" },
      subject: body.id,
      says: { action: "case_refuse", what, before: { state: "waiting" } },
    };
  },
};
