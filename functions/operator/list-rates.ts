import { ok } from "../../shared/kernel/problem.ts";
import { listRates } from "../../shared/suppliers/rates.ts";
import { operators } from "../runtime/callers.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { listRatesEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(listRatesEnv)) };

export const handler = httpFunction("list-rates", operations.listRates, operators, async () =>
  ok({ body: { data: await listRates(deps) } }),
);
