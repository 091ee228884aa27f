import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { restoreStock } from "../../../shared/restore/restore.ts";
import { clock, dependenciesOf, s3Client } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts } from "../../runtime/record.ts";
import { forRecordedOperators } from "../../runtime/shells.ts";
import { functions } from "./operations.ts";

const { env, deps: given } = dependenciesOf(functions.restoreStock);
const deps = { ...given, s3: s3Client(), salesLog: env.SALES_LOG };

export const handler = httpFunction("restore-stock", functions.restoreStock, forRecordedOperators(deps), {
  restoreStock: async ({ body, after }) => {
    if (Date.parse(body.since) > clock().getTime())
      return refuse("invalid_request", "Nothing was restored to a moment to come.", [
        { pointer: "/since", message: "must not lie in the future" },
      ]);
    const restore = async () => {
      const step = await restoreStock(deps, body, after);
      if (!step.ok) return step;
      const { next, ...done } = step.value;
      return ok({ body: done, next });
    };
    // Its first step is on record for all of them.
    return after === undefined ? acts({ what: body }, restore) : restore();
  },
});
