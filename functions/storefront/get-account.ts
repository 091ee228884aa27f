import { ok } from "../../shared/kernel/problem.ts";
import { readStatement } from "../../shared/ledger/statement.ts";
import { channels } from "../runtime/callers.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { getAccountEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(getAccountEnv)) };

export const handler = httpFunction("get-account", operations.getAccount, channels(deps), async (_request, caller) =>
  ok({ body: await readStatement(deps, caller.channelId) }),
);
