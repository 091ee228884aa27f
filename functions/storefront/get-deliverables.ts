import { ok, refuse } from "../../shared/kernel/problem.ts";
import { revealPage } from "../../shared/orders/goods.ts";
import { readOrder } from "../../shared/orders/table.ts";
import { channels } from "../runtime/callers.ts";
import { cursorFrom, cursorTo } from "../runtime/cursor.ts";
import { clock, db, kmsClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { getDeliverablesEnv } from "./env.ts";
import { operations } from "./operations.ts";
import { showCode } from "./present.ts";

const env = readEnv(getDeliverablesEnv);
const deps = { db, tables: tablesIn(env), clock, kms: kmsClient(), codesKey: env.CODES_KEY };

export const handler = httpFunction(
  "get-deliverables",
  operations.getDeliverables,
  channels(deps),
  async ({ params, query, requestId, sourceIp }, caller) => {
    const after = cursorFrom(query.cursor, /^\d{1,6}$/);
    if (!after.ok) return after;
    const order = await readOrder(deps, params.orderId);
    if (order?.channelId !== caller.channelId) return refuse("not_found", "There is no such order.");
    const looker = { keyId: caller.keyId, sourceIp, requestId };
    const page = await revealPage(deps, order, looker, { from: Number(after.value ?? 0), limit: query.limit });
    if (!page.ok) return page;
    const { pieces, unreadable, next } = page.value;
    const data = pieces.map(({ lineId, code }) => ({ lineId, ...showCode(code) }));
    return ok({ body: { data, unreadable, nextCursor: cursorTo(next === null ? null : String(next)) } });
  },
);
