import { showReview } from "../../shared/fulfilment/inspect.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { LIST_CURSOR, listReviews } from "../../shared/orders/table.ts";
import { operators } from "../runtime/callers.ts";
import { cursorFrom, cursorTo } from "../runtime/cursor.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { listReviewsEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(listReviewsEnv)) };

export const handler = httpFunction("list-reviews", operations.listReviews, operators, async ({ query }) => {
  const after = cursorFrom(query.cursor, LIST_CURSOR);
  if (!after.ok) return after;
  const { orders, next } = await listReviews(deps, query.limit, after.value);
  return ok({ body: { data: orders.map((order) => showReview(order, clock())), nextCursor: cursorTo(next) } });
});
