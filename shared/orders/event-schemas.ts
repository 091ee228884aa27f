import * as z from "zod";
import { CASE_ENDS, CASE_KINDS, CASE_REASONS } from "./cases.ts";

const order = { orderId: z.string(), channelId: z.string() };
const Order = z.object(order);
const OfLine = z.object({ ...order, lineId: z.string().exactOptional() });

/** Every event of an order, with its facts. */
export const orderEvents = {
  /** It was made, or made again in its next epoch after a refusal. */
  "order.placed": z.object({ ...order, epoch: z.int() }),
  /** Its money is decided. */
  "order.paid": Order,
  /** Delivered: all of it, or what was not given back. */
  "order.fulfilled": Order,
  "order.partly_fulfilled": Order,
  /** It waits for a person. `reason` is our own code, or one that a supplier's adapter made. */
  "order.review_opened": z.object({ ...OfLine.shape, reason: z.string() }),
  /** A person decided, or the rule did because nobody decided in time. */
  "order.review_decided": z.object({
    ...order,
    action: z.enum(["retry", "replace", "refund"]),
    by: z.enum(["operator", "rule"]),
  }),
  /** It no longer waits for a person: it was decided, or news made it go on. */
  "order.review_closed": Order,
  /** A promise of its product was missed: somebody should look. */
  "order.overdue": OfLine,
  /** Its channel cancelled it, or it was refused for this reason; all that it took is back. */
  "order.cancelled": z.object({
    ...order,
    refusal: z.enum(["sold_out", "insufficient_funds", "payment_refused"]).exactOptional(),
  }),
  /** Nobody paid in time; its codes are for sale again. */
  "order.expired": Order,
  /** A supplier took back what it had delivered: the order waits for a person again. */
  "order.reversed": z.object({ ...order, lineId: z.string() }),
  /** Money went back, in this round of refunds. */
  "order.refunded": z.object({ ...order, round: z.int() }),
  /** Somebody asks for something after the sale: a code does not work, money is to go back. */
  "order.case_opened": z.object({ ...OfLine.shape, caseId: z.string(), kind: z.enum(CASE_KINDS) }),
  /** That came to its end. */
  "order.case_closed": z.object({
    ...OfLine.shape,
    caseId: z.string(),
    outcome: z.enum(CASE_ENDS),
    reason: z.enum(CASE_REASONS).exactOptional(),
  }),
} as const;
