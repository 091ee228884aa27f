import type { Field, Movement, Said } from "./match.ts";

/** A minor unit. Our fees are rounded to one; whatever differs by less is their rounding, which the day's sum makes good. */
const A_UNIT = 1_000;

/**
 * Says what differs between a payment of our books and a line of its provider's statement. Nobody has promised what a provider does about
 * its fee when it gives money back: only a fee that it takes then is worth a look.
 */
export function compareWithStatement(ours: Movement, theirs: Said): Field[] {
  const isReturned = theirs.kind !== "payment" && theirs.feeThousandths <= 0;
  const feeDiffers = !isReturned && Math.abs(theirs.feeThousandths - ours.feeThousandths) >= A_UNIT;
  return [
    ...(ours.currency === theirs.currency ? [] : ["currency" as const]),
    ...(ours.amount === theirs.amount ? [] : ["amount" as const]),
    ...(feeDiffers ? ["fee" as const] : []),
  ];
}
