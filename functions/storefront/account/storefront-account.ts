import { readMonth } from "../../../shared/closings/month.ts";
import { readJournal } from "../../../shared/closings/read.ts";
import { monthStatementOf, statementOf } from "../../../shared/closings/statement.ts";
import { listClosings } from "../../../shared/closings/table.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { movementsIn, readStatement } from "../../../shared/ledger/statement.ts";
import { forChannels } from "../../runtime/callers.ts";
import { dependenciesOf } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { daysOf, NOT_CLOSED } from "../../statements.ts";
import { functions } from "./operations.ts";

const { deps } = dependenciesOf(functions.storefrontAccount);

export const handler = httpFunction(
  "storefront-account",
  functions.storefrontAccount,
  { ...forChannels(deps) },
  {
    getAccount: async (_request, { channelId }) => ok({ body: await readStatement(deps, channelId) }),

    listStatements: async ({ query: { currency, ...days }, after }, { channelId: owner }) => {
      const { closings, next } = await listClosings(deps, { owner, currency }, daysOf(days), after);
      return ok({ body: { data: closings.map(statementOf) }, next });
    },

    listStatementMovements: async ({ params: { day }, query: { currency, limit }, after }, { channelId: owner }) => {
      const page = await readJournal(deps, { owner, currency }, day, limit, after);
      if (page === undefined) return refuse("not_found", "The day is not closed, or nothing was booked on it.");
      return ok({ body: { data: movementsIn(page.entries, owner) }, next: page.next });
    },

    getMonthlyStatement: async ({ params: { month }, query: { currency } }, { channelId: owner }) => {
      const added = await readMonth(deps, { owner, currency }, month);
      return added === undefined ? refuse("not_found", NOT_CLOSED) : ok({ body: monthStatementOf(added) });
    },
  },
);
