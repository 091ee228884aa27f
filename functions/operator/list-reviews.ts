import { ok } from "../../shared/kernel/problem.ts";
import { LIST_CURSOR } from "../../shared/orders/table.ts";
import { knownFilter, misspelt } from "../../shared/review/known.ts";
import { listMatching, showReview } from "../../shared/review/queue.ts";
import { readReviewSettings } from "../../shared/review/settings.ts";
import { operators } from "../runtime/callers.ts";
import { cursorFrom, cursorTo } from "../runtime/cursor.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { listReviewsEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(listReviewsEnv)) };

export const handler = httpFunction("list-reviews", operations.listReviews, operators, async ({ query }) => {
  const { cursor, limit, ...filter } = query;
  const after = cursorFrom(cursor, LIST_CURSOR);
  if (!after.ok) return after;
  const known = await knownFilter(deps, filter, "/query");
  if (!known.ok) return known;
  const settings = await readReviewSettings(deps);
  const { orders, next } = await listMatching(deps, filter, limit, after.value);
  const spelt = orders.length === 0 && next === null ? misspelt(filter, "/query") : known;
  if (!spelt.ok) return spelt;
  const data = orders.map((order) => showReview(order, settings, clock()));
  return ok({ body: { data, nextCursor: cursorTo(next) } });
});
