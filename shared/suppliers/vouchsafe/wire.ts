/**
 * The answers of another Vouchsafe deployment's HTTP API, version 1, as far as a buyer needs them. What is read must be
 * as documented; what was added since is ignored.
 */
import * as z from "zod";
import { Money } from "../../kernel/money.ts";
import { chargedOf } from "../charges.ts";
import type { Good, Outcome } from "../contract.ts";

/** It is stored in our orders and logs, so it must look like an id, whatever the other side sends. */
const orderId = z.string().regex(/^[\w-]{1,128}$/);

/** Says what an order's state over there means for our attempt. */
const meanings = {
  fulfilled: "fulfilled",

  // An order paid from the balance should never await payment; if it does, it still can be paid and delivered.
  awaiting_payment: "accepted",
  fulfilling: "accepted",
  // An operator over there decides about it and may still deliver.
  review: "accepted",

  // It is over, and nothing was delivered. A late payment may revive an expired order, but ours are paid from the
  // balance. `refunding` counts too: the state moves before the money, and a delivery that comes after it fails.
  cancelled: "rejected",
  expired: "rejected",
  refunding: "rejected",
  refunded: "rejected",

  // Our orders have one line, but it may be for several pieces, of which some arrived and the rest went back. The
  // answer is only as definite as what its lines say.
  partly_fulfilled: "partly",
} as const;

const isKnown = (state: string): state is keyof typeof meanings => Object.hasOwn(meanings, state);
const orderState = z.string().refine(isKnown);

/** The reference is required, so that a mixed-up or unfiltered answer is not taken for ours. */
export const orderSchema = z.object({
  id: orderId,
  state: orderState,
  reference: z.string(),
  total: z.unknown().optional(),
  refunded: z.unknown().optional(),
  lines: z
    .array(z.object({ kind: z.string().optional(), quantity: z.int().min(1).optional(), state: z.string().optional() }))
    .max(100)
    .optional(),
});
export type SupplierOrder = z.infer<typeof orderSchema>;

export const orderListSchema = z.object({ data: z.array(orderSchema).max(100), nextCursor: z.string().nullable() });

/** RFC 9457; `code` is the stable part. */
export const problemSchema = z.object({ code: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/) });

/**
 * A webhook of theirs. Whatever `order.*` it tells makes us ask about that order: what has happened is told by the answer. A product that
 * has changed makes us read their catalogue. Other types of events may come to the same endpoint; they don't concern us.
 */
export const callbackSchema = z.object({ type: z.string(), data: z.unknown() });
export const orderNewsSchema = z.object({ id: orderId, reference: z.string().min(1).max(255).nullish() });

/** Reads an order, from placing or from asking. Its goods, if it has any, were fetched before. */
export function outcomeOf(order: SupplierOrder, goods?: readonly Good[]): OrderOutcome {
  const { id, state, lines = [] } = order;
  const kind = meanings[state];
  const handedOver = { ...(goods === undefined ? {} : { goods }), ...chargedFor(order) };
  switch (kind) {
    case "rejected":
      return { kind, reason: state, supplierOrderId: id };
    case "accepted":
      return { kind, supplierOrderId: id };
    case "fulfilled":
      return { kind, supplierOrderId: id, ...handedOver };
    case "partly": {
      const arrived = lines.filter((line) => line.state === "fulfilled");
      const delivered = arrived.reduce((sum, { quantity = 0 }) => sum + quantity, 0);
      // Something arrived, and nobody says how much. That is no yes, and no definite no either, after which somebody
      // else might deliver everything again.
      if (delivered === 0) return { kind: "unknown", reason: state };
      return { kind, supplierOrderId: id, delivered, ...handedOver };
    }
  }
}

/** Gives what we paid and did not get back. If a part of it can't be read, all of it is unknown. */
function chargedFor({ total, refunded }: SupplierOrder): ReturnType<typeof chargedOf> {
  const paid = Money.safeParse(total).data;
  const back = refunded === undefined ? { ...paid, amount: 0 } : Money.safeParse(refunded).data;
  if (paid === undefined || back?.currency !== paid.currency) return {};
  return chargedOf({ amount: paid.amount - back.amount, currency: paid.currency });
}

type OrderOutcome = Extract<Outcome, { kind: (typeof meanings)[keyof typeof meanings] | "unknown" }>;
