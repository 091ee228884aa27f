import { listSegments } from "../../shared/imports/table.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { sentencesFor } from "../../shared/stock-files/refusals.ts";
import { operators } from "../runtime/callers.ts";
import { cursorFrom, cursorTo } from "../runtime/cursor.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { listRefusalsEnv } from "./env.ts";
import { knownImport } from "./known-import.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(listRefusalsEnv)) };

/** A segment may refuse all of its 5,000 lines: some 350 KB at most, which an item can hold. */
const SEGMENTS_PER_PAGE = 5;

export const handler = httpFunction("list-refusals", operations.listRefusals, operators, async ({ params, query }) => {
  const after = cursorFrom(query.cursor, /^\d{1,6}$/);
  if (!after.ok) return after;
  const known = await knownImport(deps, params.importId);
  if (!known.ok) return known;
  const from = after.value === undefined ? undefined : Number(after.value);
  const { segments, next } = await listSegments(deps, params.importId, SEGMENTS_PER_PAGE, from);
  const data = segments.flatMap(({ refused }) => refused);
  const nextCursor = cursorTo(next === null ? null : String(next));
  return ok({ body: { data, reasons: sentencesFor(data), nextCursor } });
});
