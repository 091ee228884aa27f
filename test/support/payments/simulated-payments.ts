/** What the simulated provider is asked for, what it keeps of that, and how its news begins. */
import { randomBytes } from "node:crypto";
import * as z from "zod";

export const NewPayment = z.strictObject({
  reference: z.string().regex(/^\w{1,32}$/),
  amount: z.int().min(1),
  currency: z.string().length(3),
  flow: z.enum(["page", "qr"]),
  expiresAt: z.iso.datetime().optional(),
  notificationUrl: z.url().optional(),
});
export const NewRefund = z.strictObject({ reference: z.string().regex(/^\w{1,32}$/), amount: z.int().min(1) });

export type Refund = {
  id: string;
  reference: string;
  amount: number;
  state: "pending" | "refunded" | "failed";
  at: string;
};
/** `isShut`: its refunds are refused. */
export type Payment = z.infer<typeof NewPayment> & {
  id: string;
  state: "pending" | "paid" | "closed";
  paid?: { amount: number; currency: string; at: string };
  refunds: Map<string, Refund>;
  isShut?: boolean;
};

/** What it has for us of a payment: what was paid, less what went back. */
export const held = (payment?: Payment): number =>
  [...(payment?.refunds.values() ?? [])].reduce(
    (sum, { state, amount }) => sum - (state === "refunded" ? amount : 0),
    payment?.paid?.amount ?? 0,
  );

/** News of a payment, or of a dispute. */
export const notice = (
  data: { reference: string; refund?: string | undefined } | { dispute: string },
  type = "payment.updated",
) => ({
  id: `msg_${randomBytes(12).toString("hex")}`,
  body: JSON.stringify({ type, timestamp: new Date(), data }),
});
