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
    const { channelId: subject } = params;
    const { reference, money } = body;
    const what = { reference, ...money };
    const paid = await audited(deps, { operator, requestId, action: `deposit ${reference}`, subject, what }, () =>
      deposit(deps, subject, money, reference, clock()),
    );
    return paid.ok ? ok({ body: await readStatement(deps, subject) }) : paid;
  },
);
