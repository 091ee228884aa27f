/**
 * Checks `Stripe-Signature` (https://docs.stripe.com/webhooks/signature). On node:crypto and not by the SDK: that takes a notice from the
 * future, and reads `t=1495999758rubbish` as a time.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Secret } from "../../kernel/secret.ts";

const TOLERANCE_SECONDS = 5 * 60;
/** While an endpoint's secret is rolled, each notice has a signature by each of the two. */
const MOST_SIGNATURES = 8;
const LONGEST_HEADER = 2_048;

/**
 * Tells whether one of our secrets has signed the body. The sender is checked before the time: only Stripe's own notices are ever called
 * stale. The whole secret signs, with its `whsec_`.
 */
export function checkStripeSignature(
  secrets: readonly Secret[],
  rawBody: string,
  header: string | undefined,
  now: Date,
): "ok" | "malformed" | "forged" | "stale" {
  if (header === undefined || header.length > LONGEST_HEADER) return "malformed";
  const parts = header.split(",").map((part) => part.trim().split("=", 2));
  const times = parts.flatMap(([scheme, value = ""]) => (scheme === "t" ? [value] : []));
  const given = parts.flatMap(([scheme, value = ""]) => (scheme === "v1" ? [Buffer.from(value, "hex")] : []));
  const [time] = times;
  if (times.length !== 1 || time === undefined || !/^\d{1,11}$/.test(time)) return "malformed";
  if (given.length === 0 || given.length > MOST_SIGNATURES) return "malformed";
  const isSigned = secrets
    .map((secret) => createHmac("sha256", secret.reveal()).update(`${time}.${rawBody}`).digest())
    .some((mac) => given.some((one) => one.length === mac.length && timingSafeEqual(one, mac)));
  if (!isSigned) return "forged";
  return Math.abs(now.getTime() / 1000 - Number(time)) <= TOLERANCE_SECONDS ? "ok" : "stale";
}
