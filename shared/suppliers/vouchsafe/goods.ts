import * as z from "zod";
import { LIMITS } from "../../kernel/limits.ts";
import type { Good } from "../contract.ts";
import { discard, readJson, send } from "../exchange.ts";
import { goodOf } from "../pieces.ts";
import type { SupplierOrder } from "./wire.ts";

const Deliverable = z.object({
  number: z.string().nullish(),
  secret: z.string().nullish(),
  expiresAt: z.unknown().optional(),
});
const Page = z.object({ data: z.array(Deliverable).max(100), nextCursor: z.string().nullable() });

/** Pieces that one order may hand over: as many as one import takes. A longer answer is not about our order. */
export const GOODS_AT_MOST = LIMITS.importLines;
const PER_PAGE = 100;
const PAGES_AT_MOST = GOODS_AT_MOST / PER_PAGE;

export type GoodsAnswer = { ok: true; goods: Good[] } | { ok: false; reason: string };

/** Tells whether the order has something to hand over. */
export function hasGoods({ lines = [] }: SupplierOrder): boolean {
  return lines.some(({ kind, state }) => kind !== undefined && kind !== "topup" && state === "fulfilled");
}

/** Fetches the goods of an order, page by page; all of them, or none. The other side records each look. */
export async function fetchGoods(
  orderUrl: string,
  headers: Record<string, string>,
  timeoutMs: number,
): Promise<GoodsAnswer> {
  const goods: Good[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES_AT_MOST; page++) {
    const from: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const sent = await send(
      { method: "GET", url: `${orderUrl}/deliverables?limit=${PER_PAGE}${from}`, headers },
      timeoutMs,
    );
    if (sent.kind !== "answered") return { ok: false, reason: sent.reason };
    if (sent.response.status !== 200) {
      await discard(sent.response);
      return { ok: false, reason: `http_${sent.response.status}` };
    }
    const content = await readJson(sent.response);
    const read = Page.safeParse(content.ok ? content.value : undefined);
    if (!read.success) return { ok: false, reason: "unreadable_goods" };
    for (const { number, secret, expiresAt } of read.data.data) {
      const good = goodOf({ number, secret, expires: expiresAt }, 0);
      if (good === undefined) return { ok: false, reason: "empty_card" };
      goods.push(good);
    }
    cursor = read.data.nextCursor;
    if (cursor === null) return { ok: true, goods };
  }
  return { ok: false, reason: "too_many_goods" };
}
