import * as z from "zod";
import type { Secret } from "../../kernel/secret.ts";
import { parseJson } from "../../suppliers/json.ts";
import type { Acknowledgement, Notice, Verified } from "../contract.ts";
import type { Merchant } from "./credentials.ts";
import { open } from "./sealed.ts";
import { checkSignature, type Headers } from "./signing.ts";
import { PAYMENT_ID } from "./wire.ts";

const noticeSchema = z.object({
  id: z.string().regex(/^[\w-]{1,64}$/),
  event_type: z.string().max(64),
  resource: z.object({
    algorithm: z.literal("AEAD_AES_256_GCM"),
    ciphertext: z.string(),
    associated_data: z.string().exactOptional(),
    nonce: z.string().min(1).max(32),
  }),
});

/** What a notice about a trade or about a refund says inside. What became of it is asked. */
const toldSchema = z.object({ mchid: z.string(), out_trade_no: z.string().regex(PAYMENT_ID) });

/** What a notice about a complaint says inside. */
const toldComplaintSchema = z.object({ complaint_id: z.string().regex(/^\w{1,64}$/) });

const malformed = { ok: false, reason: "malformed" } as const;

/**
 * Checks a notice: its signature over the raw body, its time, and that it was sealed with our APIv3 key. One that another key has sealed
 * is as good as forged: it may be that ours was changed on one side only.
 */
export function verifyNotice(
  merchant: Merchant,
  apiV3Keys: readonly Secret[],
  rawBody: string,
  headers: Headers,
  now: Date,
): Verified {
  const signature = checkSignature(merchant, rawBody, headers, now);
  if (signature !== "valid") return { ok: false, reason: signature };
  const notice = noticeSchema.safeParse(parseJson(rawBody));
  if (!notice.success) return malformed;
  const { id: eventId, event_type, resource } = notice.data;
  const text = open(resource, apiV3Keys);
  if (text === undefined) return { ok: false, reason: "forged" };
  return { ok: true, notice: { eventId, ...subjectOf(merchant, event_type, parseJson(text)) } };
}

/** Says what a notice is about. What became of that is asked. */
function subjectOf(merchant: Merchant, eventType: string, inside: unknown): Omit<Notice, "eventId"> {
  if (eventType.startsWith("COMPLAINT.")) {
    const told = toldComplaintSchema.safeParse(inside);
    return told.success ? { disputeId: told.data.complaint_id } : {};
  }
  if (!/^(TRANSACTION|REFUND)\./.test(eventType)) return {};
  const told = toldSchema.safeParse(inside);
  return told.success && told.data.mchid === merchant.mchId ? { paymentId: told.data.out_trade_no } : {};
}

/** They wait five seconds for it, and read the status before the body. */
export const acknowledgement = (taken: boolean): Acknowledgement => ({
  status: taken ? 200 : 500,
  body: JSON.stringify(taken ? { code: "SUCCESS" } : { code: "FAIL", message: "not taken" }),
  contentType: "application/json",
});
