import { listChannelsPaged } from "../../../shared/channels/list.ts";
import { readMonth } from "../../../shared/closings/month.ts";
import { readJournal } from "../../../shared/closings/read.ts";
import { listClosings } from "../../../shared/closings/table.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { accountCurrencies } from "../../../shared/ledger/accounts.ts";
import { checkEntries, otherBooks, readCounters, readEntries } from "../../../shared/ledger/verify.ts";
import { operators } from "../../runtime/callers.ts";
import { dependenciesOf } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { daysOf, NOT_CLOSED } from "../../statements.ts";
import { functions } from "./operations.ts";

const { deps } = dependenciesOf(functions.operatorLedger);

export const handler = httpFunction(
  "operator-ledger",
  functions.operatorLedger,
  { authenticate: operators },
  {
    listBooks: async ({ after }) => {
      const { channels, next } = await listChannelsPaged(deps, LIMITS.pageSize, after);
      const ofChannels = channels.map(async ({ id: owner }) =>
        (await accountCurrencies(deps, owner)).map((currency) => ({ owner, currency })),
      );
      const others = next === null ? await otherBooks(deps) : [];
      return ok({ body: { data: [...(await Promise.all(ofChannels)).flat(), ...others] }, next });
    },

    listEntries: async ({ params, query, after }) => {
      const { entries, next } = await readEntries(deps, params, query.limit, after);
      return ok({ body: { data: entries }, next });
    },

    checkBook: async ({ params, after }) => {
      const { next, ...found } = await checkEntries(deps, params, LIMITS.entriesPerCheck, after);
      const counters = next === null ? await readCounters(deps, params) : undefined;
      return ok({ body: { ...found, ...(counters === undefined ? {} : { counters }) }, next });
    },

    listClosings: async ({ params, query, after }) => {
      const { closings, next } = await listClosings(deps, params, daysOf(query), after);
      return ok({ body: { data: closings }, next });
    },

    getMonth: async ({ params: { month, ...book } }) => {
      const added = await readMonth(deps, book, month);
      return added === undefined ? refuse("not_found", NOT_CLOSED) : ok({ body: added });
    },

    listJournal: async ({ params: { day, ...book }, query, after }) => {
      const page = await readJournal(deps, book, day, query.limit, after);
      if (page === undefined) return refuse("not_found", "The day is not closed, or nothing was booked on it.");
      return ok({ body: { data: page.entries }, next: page.next });
    },
  },
);
