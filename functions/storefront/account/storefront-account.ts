import { ok } from "../../../shared/kernel/problem.ts";
import { readStatement } from "../../../shared/ledger/statement.ts";
import { channels } from "../../runtime/callers.ts";
import { dependenciesOf } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { functions } from "./operations.ts";

const { deps } = dependenciesOf(functions.storefrontAccount);

export const handler = httpFunction(
  "storefront-account",
  functions.storefrontAccount,
  { authenticate: channels(deps) },
  {
    getAccount: async (_request, { channelId }) => ok({ body: await readStatement(deps, channelId) }),
  },
);
