import { isWithin } from "./addresses.ts";
import type { Caller } from "./keys.ts";

/** Why a key that exists opens nothing here and now. */
export type NotAdmitted = "ended" | "frozen" | "elsewhere";

/**
 * Tells why a key may not be used at this moment from this address; undefined: it may. The address must be the one that API Gateway has
 * seen, and never one that a header names. Pure.
 */
export function notAdmitted(
  { endsAt, frozen = false, addresses = [] }: Pick<Caller, "endsAt" | "frozen" | "addresses">,
  { now, address }: { now: Date; address: string },
): NotAdmitted | undefined {
  if (endsAt !== undefined && endsAt <= now.toISOString()) return "ended";
  if (frozen) return "frozen";
  if (addresses.length > 0 && !isWithin(address, addresses)) return "elsewhere";
  return undefined;
}
