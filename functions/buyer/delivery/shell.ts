import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { FindDeps } from "../../../shared/deliveries/find.ts";
import { findDelivery } from "../../../shared/deliveries/find.ts";
import { ok, type Refusal, type Result, refuse } from "../../../shared/kernel/problem.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { count } from "../../runtime/metrics.ts";
import type { PageShell } from "../../runtime/page.ts";
import { requestIdOf } from "../../runtime/request-id.ts";
import { languageOf } from "./language.ts";
import { refusedPage } from "./refused-page.tsx";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";

/** The shell of buyers' pages. */
export const forBuyers: PageShell = {
  inline: { style: STYLE, script: SCRIPT },
  refused: (refusal, event) =>
    refusedPage(refusal, languageIn(event), { requestId: requestIdOf(event), find: findFrom(event) }),
};

const languageIn = ({ headers, queryStringParameters }: APIGatewayProxyEventV2) =>
  languageOf({ lang: queryStringParameters?.["lang"], accepts: headers["accept-language"] });

/** The address of the search, relative to the one that was asked for. */
const findFrom = ({ routeKey }: APIGatewayProxyEventV2): string =>
  `${"../".repeat(Math.max(0, routeKey.split("/").length - 2))}find`;

/** Finds the order of a link, or refuses as the page says it. */
export async function orderOfLink(deps: FindDeps, token: string, sourceIp: string): Promise<Result<Order>> {
  const found = await findDelivery(deps, token, sourceIp);
  return found.kind === "found" ? ok(found.order) : refusedLink(found.kind);
}

/** Refuses a link that opens nothing. What might have been one is counted: an alarm tells of many. */
export function refusedLink(why: "unknown" | "too_many" | "no_link"): Refusal {
  if (why !== "no_link") count("LinkWrong");
  return why === "too_many"
    ? refuse("too_many_links", "Too many links that open nothing came from this network.")
    : refuse("not_found", "The link opens nothing.");
}
