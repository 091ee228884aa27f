import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { FindDeps } from "../../../shared/deliveries/find.ts";
import { findDelivery } from "../../../shared/deliveries/find.ts";
import { ok, type Result, refuse } from "../../../shared/kernel/problem.ts";
import type { Order } from "../../../shared/orders/model.ts";
import type { PageShell } from "../../runtime/page.ts";
import { requestIdOf } from "../../runtime/request-id.ts";
import { languageOf } from "./language.ts";
import { refusedPage } from "./refused-page.tsx";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";

/** The shell of buyers' pages. */
export const forBuyers: PageShell = {
  inline: { style: STYLE, script: SCRIPT },
  refused: (refusal, event) => refusedPage(refusal, languageIn(event), requestIdOf(event)),
};

const languageIn = ({ headers, queryStringParameters }: APIGatewayProxyEventV2) =>
  languageOf({ lang: queryStringParameters?.["lang"], accepts: headers["accept-language"] });

/** Finds the order of a link, or refuses as the page says it. */
export async function orderOfLink(deps: FindDeps, token: string, sourceIp: string): Promise<Result<Order>> {
  const found = await findDelivery(deps, token, sourceIp);
  switch (found.kind) {
    case "found":
      return ok(found.order);
    case "unknown":
      return refuse("not_found", "The link opens nothing.");
    case "too_many":
      return refuse("too_many_links", "Too many links that open nothing came from this network.");
  }
}
