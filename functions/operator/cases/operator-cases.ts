import { listCases } from "../../../shared/cases/list.ts";
import { readCase } from "../../../shared/cases/table.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { operators } from "../../runtime/callers.ts";
import { dependenciesOf } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { functions } from "./operations.ts";
import { showInFull } from "./shown.ts";

const { deps } = dependenciesOf(functions.operatorCases);

export const handler = httpFunction(
  "operator-cases",
  functions.operatorCases,
  { authenticate: operators },
  {
    listAllCases: async ({ query: { over, limit }, after }) => {
      const { cases, next } = await listCases(deps, { isOver: over, limit, after });
      return ok({ body: { data: cases.map(showInFull) }, next });
    },

    getCaseInFull: async ({ params: { caseId } }) => {
      const one = await readCase(deps, caseId);
      return one === undefined ? refuse("not_found", "There is no such case.") : ok({ body: showInFull(one) });
    },
  },
);
