import { listChannelsPaged } from "../../../shared/channels/list.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { ok } from "../../../shared/kernel/problem.ts";
import { accountCurrencies } from "../../../shared/ledger/accounts.ts";
import { checkEntries, otherBooks, readCounters, readEntries } from "../../../shared/ledger/verify.ts";
import { operators } from "../../runtime/callers.ts";
import { dependenciesOf } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
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
  },
);
