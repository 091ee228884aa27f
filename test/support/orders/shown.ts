import type * as z from "zod";
import type { Account } from "../../../functions/account.ts";
import type { Deliverable, Order, OrderLine } from "../../../functions/storefront/orders/shown.ts";
import type { ReviewItem as ReviewInQueue } from "../suppliers/topup-orders.ts";
import { eventually, http, type Json, type Shop } from "./shop.ts";

// The API's answers by their types, for tests that go through lists of things. That the types are true is a test of its own.

type ShownOrder = z.infer<typeof Order>;
type ShownGoods = z.infer<typeof Deliverable> & { lineId: string };
type ReviewItem = Pick<ReviewInQueue, "orderId" | "reason" | "choices"> & {
  state: string;
  tried: { outcome?: string }[];
};
type ShownBalance = z.infer<typeof Account>["balances"][number];

export const linesOf = (body: Json): z.infer<typeof OrderLine>[] => (body as ShownOrder).lines;

/** The codes of one line, in the clear. */
export const secretsOfLine = ({ deliverables = [] }: z.infer<typeof OrderLine>): string[] =>
  deliverables.map(({ secret }) => secret);

/** All the codes that came with an order. */
export const secretsIn = (body: Json): string[] => linesOf(body).flatMap(secretsOfLine);

/** The ids of a page's things. */
export const idsIn = (data: Json): string[] => (data as { id: string }[]).map(({ id }) => id);

/** A page of deliverables, or what an order's lines would look like as one. */
export const goodsIn = (data: Json): ShownGoods[] => data as ShownGoods[];
export const goodsOf = (body: Json): ShownGoods[] =>
  linesOf(body).flatMap(({ id, deliverables = [] }) => deliverables.map((goods) => ({ lineId: id, ...goods })));

/** The pointers of a problem's errors, each once, sorted. */
export function pointersIn(problem: Json): string[] {
  const errors = ((problem as { errors?: { pointer: string }[] } | null)?.errors ?? []).map(({ pointer }) => pointer);
  return [...new Set(errors)].toSorted();
}

export const movementsIn = (balance: Json): ShownBalance["movements"] => (balance as ShownBalance).movements;

export const reviewsIn = (page: Json): ReviewItem[] => (page as { data: ReviewItem[] }).data;

/** What came of each thing that one command was about. */
export const resultsIn = (body: Json): { orderId: string; id: string; result: string }[] =>
  (body as { results: { orderId: string; id: string; result: string }[] }).results;

/** What was put on record about a review, in its order. */
export const trailIn = (body: Json): string[] =>
  (body as { trail: { action: string }[] }).trail.map(({ action }) => action);

/** The channel's balance once every sale is booked. */
export async function bookedBalance(shop: Shop): Promise<ShownBalance> {
  return eventually(async () => {
    const { body } = await http(shop.stack, "GET", "/v1/account", { key: shop.key });
    const [balance] = (body as z.infer<typeof Account>).balances;
    return balance?.pending.amount === 0 ? balance : undefined;
  }, "nothing is pending");
}
