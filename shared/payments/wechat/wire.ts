import * as z from "zod";

// WeChat Pay's wire, as far as we read it. Members that are not named here are none of our business; people are among them.

/** The numbers of trades are ids of payments. Others are not ours: somebody else may use the same merchant. */
export const PAYMENT_ID = /^pay_[0-9a-z]{26}$/;

export const Fen = z.int().min(0);
export const Time = z.iso.datetime({ offset: true });

export const problemSchema = z.object({ code: z.string().regex(/^[A-Z][A-Z_]{0,62}$/) });

export const prepaidSchema = z.object({ code_url: z.string().min(1).max(512) });
export const prepaySchema = z.object({ prepay_id: z.string().min(1).max(64) });

export const tradeSchema = z.object({
  mchid: z.string(),
  appid: z.string().exactOptional(),
  out_trade_no: z.string(),
  transaction_id: z.string().min(1).max(32).exactOptional(),
  trade_state: z.enum(["SUCCESS", "REFUND", "NOTPAY", "CLOSED", "REVOKED", "USERPAYING", "PAYERROR", "ACCEPT"]),
  success_time: Time.exactOptional(),
  // What was asked for. `payer_total` is less if WeChat Pay or a bank gives a discount, and none of our business.
  amount: z.object({ total: Fen, currency: z.string().exactOptional() }).exactOptional(),
});
export type Trade = z.infer<typeof tradeSchema>;
