import { ok } from "../../../shared/kernel/problem.ts";
import { migratePage } from "../../../shared/migration/migrate.ts";
import { dependenciesOf } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts } from "../../runtime/record.ts";
import { forRecordedOperators } from "../../runtime/shells.ts";
import { functions } from "./operations.ts";

const { deps } = dependenciesOf(functions.migrateTables);

export const handler = httpFunction("migrate-tables", functions.migrateTables, forRecordedOperators(deps), {
  migrateTables: async ({ body: { mode }, after }) => {
    const migrate = async () => {
      const { next, ...done } = await migratePage(deps, mode, after);
      return ok({ body: done, next });
    };
    // Its first page is on record for all of them.
    return mode === "copy" && after === undefined ? acts({ what: { mode } }, migrate) : migrate();
  },
});
