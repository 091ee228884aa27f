import { findChannel } from "../../shared/channels/keys.ts";
import { ok, refuse } from "../../shared/kernel/problem.ts";
import { deposit } from "../../shared/ledger/accounts.ts";
import { readStatement } from "../../shared/ledger/statement.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { depositEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(depositEnv)) };

export const handler = httpFunction(
  "deposit",
  operations.deposit,
  operators,
  async ({ params, body, requestId }, operator) => {
    if ((await findChannel(deps, params.channelId)) === undefined)
      return refuse("not_found", "There is no such channel.");
    await audited(deps, operator, requestId, `deposit ${body.reference}`, params.channelId, {
      what: { reference: body.reference, ...body.money },
    });
    const paid = await deposit(deps, params.channelId, body.money, body.reference, clock());
    return paid.ok ? ok({ body: await readStatement(deps, params.channelId) }) : paid;
  },
);
