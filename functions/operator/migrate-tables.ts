import { ok } from "../../shared/kernel/problem.ts";
import { CURSOR, migratePage } from "../../shared/migration/migrate.ts";
import { operators } from "../runtime/callers.ts";
import { cursorFrom, cursorTo } from "../runtime/cursor.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { migrateTablesEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(migrateTablesEnv)) };

export const handler = httpFunction(
  "migrate-tables",
  operations.migrateTables,
  operators,
  async ({ query, body: { mode }, requestId }, operator) => {
    const cursor = cursorFrom(query.cursor, CURSOR);
    if (!cursor.ok) return cursor;
    const migrate = async () => ok(await migratePage(deps, mode, cursor.value));
    const said = { operator, requestId, action: "tables_migrated", subject: "tables", what: { mode } };
    // Its first page is on record for all of them.
    const page = mode === "copy" && cursor.value === undefined ? await audited(deps, said, migrate) : await migrate();
    if (!page.ok) return page;
    const { next, ...done } = page.value;
    return ok({ body: { ...done, nextCursor: cursorTo(next) } });
  },
);
