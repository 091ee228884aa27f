import { differences, factsOf } from "../../../shared/audit/differences.ts";
import { listCases } from "../../../shared/cases/list.ts";
import { planCaseSettings, readCaseSettings, writeCaseSettings } from "../../../shared/cases/settings.ts";
import { readCase } from "../../../shared/cases/table.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { dependenciesOf } from "../../runtime/dependencies.ts";
import { answer } from "../../runtime/handler.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts } from "../../runtime/record.ts";
import { forRecordedOperators } from "../../runtime/shells.ts";
import { functions } from "./operations.ts";
import { showInFull } from "./shown.ts";

const { deps } = dependenciesOf(functions.operatorCases);

export const handler = httpFunction("operator-cases", functions.operatorCases, forRecordedOperators(deps), {
  listAllCases: async ({ query: { over, limit }, after }) => {
    const { cases, next } = await listCases(deps, { isOver: over, limit, after });
    return ok({ body: { data: cases.map(showInFull) }, next });
  },

  getCaseInFull: async ({ params: { caseId } }) => {
    const one = await readCase(deps, caseId);
    return one === undefined ? refuse("not_found", "There is no such case.") : ok({ body: showInFull(one) });
  },

  getCaseSettings: async () => ok({ body: await readCaseSettings(deps) }),

  changeCaseSettings: async ({ body }) => {
    const planned = await planCaseSettings(deps, body);
    return acts(factsOf(differences(planned.before.settings, planned.after)), async () =>
      answer(await writeCaseSettings(deps, planned)),
    );
  },
});
