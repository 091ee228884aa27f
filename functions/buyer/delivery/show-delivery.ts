import { stampOf } from "../../../shared/deliveries/state.ts";
import { ok, type Result } from "../../../shared/kernel/problem.ts";
import { dependenciesOf } from "../../runtime/dependencies.ts";
import type { Answer, RequestOf } from "../../runtime/handler.ts";
import { HTML, pageFunction } from "../../runtime/page.ts";
import { deliveryPage } from "./delivery-page.tsx";
import { languageOf } from "./language.ts";
import { functions } from "./operations.ts";
import { forBuyers, orderOfLink } from "./shell.ts";
import { readDelivery } from "./view.ts";

const { deps } = dependenciesOf(functions.showDelivery);

type Asked = RequestOf<(typeof functions.showDelivery)["showDelivery" | "showAgain"]>;

const show =
  (isReveal: boolean) =>
  async ({ params: { token }, query: { lang }, headers, sourceIp }: Asked): Promise<Result<Answer<string>>> => {
    const order = await orderOfLink(deps, token, sourceIp);
    if (!order.ok) return order;
    const language = languageOf({ lang, accepts: headers["accept-language"] });
    const body = deliveryPage(await readDelivery(deps, order.value), { language, zone: deps.zone, token, isReveal });
    return ok({ body, raw: true, headers: { "Content-Type": HTML } });
  };

/** Shows orders to their buyers without the codes: this function has no right to open them. */
export const handler = pageFunction("show-delivery", functions.showDelivery, forBuyers, {
  showDelivery: show(false),
  showAgain: show(true),
  getDeliveryState: async ({ params: { token }, sourceIp }) => {
    const order = await orderOfLink(deps, token, sourceIp);
    return order.ok ? ok({ body: { stamp: stampOf(order.value) } }) : order;
  },
});
