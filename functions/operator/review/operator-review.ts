import { differences, factsOf } from "../../../shared/audit/differences.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { knownFilter, misspelt } from "../../../shared/review/known.ts";
import { listMatching, readReview, showReview } from "../../../shared/review/queue.ts";
import { planReviewSettings, readReviewSettings, writePlanned } from "../../../shared/review/settings.ts";
import { clock, dependenciesOf } from "../../runtime/dependencies.ts";
import { answer } from "../../runtime/handler.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts } from "../../runtime/record.ts";
import { forRecordedOperators } from "../../runtime/shells.ts";
import { functions } from "./operations.ts";

const { deps } = dependenciesOf(functions.operatorReview);

export const handler = httpFunction("operator-review", functions.operatorReview, forRecordedOperators(deps), {
  listReviews: async ({ query: { limit, cursor: _cursor, ...filter }, after }) => {
    const known = await knownFilter(deps, filter, "/query");
    if (!known.ok) return known;
    const settings = await readReviewSettings(deps);
    const { orders, next } = await listMatching(deps, filter, limit, after);
    const spelt = orders.length === 0 && next === null ? misspelt(filter, "/query") : known;
    if (!spelt.ok) return spelt;
    return ok({ body: { data: orders.map((order) => showReview(order, settings, clock())) }, next });
  },

  getReview: async ({ params: { orderId } }) => {
    const details = await readReview(deps, orderId, await readReviewSettings(deps), clock());
    return details === undefined ? refuse("not_found", "No such order is before a person.") : ok({ body: details });
  },

  getReviewSettings: async () => ok({ body: await readReviewSettings(deps) }),

  changeReviewSettings: async ({ body }) => {
    const planned = await planReviewSettings(deps, body);
    if (!planned.ok) return planned;
    const { before, after } = planned.value;
    return acts(factsOf(differences(before.settings, after)), async () =>
      answer(await writePlanned(deps, planned.value)),
    );
  },
});
