import { openCase } from "../../../shared/cases/open.ts";
import { ok } from "../../../shared/kernel/problem.ts";
import { dependenciesOf } from "../../runtime/dependencies.ts";
import { HTML, pageFunction } from "../../runtime/page.ts";
import { functions } from "./operations.ts";
import { forBuyers, orderOfLink } from "./shell.ts";

const { deps } = dependenciesOf(functions.helpDelivery);

/** What is said by the page itself, which the browser is sent back to. */
const ON_THE_PAGE = ["case_open", "line_settled", "limit_reached", "idempotency_key_reused", "wrong_kind"];

/** Opens cases for buyers, who come by their link. It has no right to open codes. */
export const handler = pageFunction("help-delivery", functions.helpDelivery, forBuyers, {
  askForHelp: async ({ params: { token }, query: { lang }, form: { kind, line: lineId, piece, turn }, sourceIp }) => {
    const found = await orderOfLink(deps, token, sourceIp);
    if (!found.ok) return found;
    const wish = { kind, lineId, pieces: [piece] };
    const opened = await openCase(deps, found.value.id, wish, { opener: "buyer", key: `${lineId} ${turn}` });
    if (!opened.ok && !ON_THE_PAGE.includes(opened.code)) return opened;
    const back = `../${token}${lang === undefined ? "" : `?lang=${encodeURIComponent(lang)}`}`;
    return ok({ body: "", raw: true, headers: { "Content-Type": HTML, Location: back } });
  },
});
