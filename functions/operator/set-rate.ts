import { ok } from "../../shared/kernel/problem.ts";
import { findRate, setRate } from "../../shared/suppliers/rates.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { setRateEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(setRateEnv)) };

export const handler = httpFunction(
  "set-rate",
  operations.setRate,
  operators,
  async ({ body, requestId }, operator) => {
    const { from, to, rate: after } = body;
    const before = await findRate(deps, body);
    const said = { what: { from, to }, before: { rate: before?.rate }, after: { rate: after } };
    return audited(deps, { operator, requestId, action: "rate_set", subject: "rates", ...said }, async () => {
      const rate = { ...body, at: clock().toISOString() };
      await setRate(deps, rate);
      return ok({ body: rate });
    });
  },
);
