import { createHmac } from "node:crypto";
import { batchGet } from "../aws/batch-get.ts";
import type { Db } from "../aws/dynamo.ts";
import { type DerivingDeps, derivedKey } from "../secrecy/derived-key.ts";
import type { Ticket } from "./model.ts";
import { fingerprintKey } from "./table.ts";

export type FingerprintDeps = DerivingDeps;

/** What makes two codes the same. */
type Identity = { number?: string | undefined; secret: string };

/**
 * A keyed fingerprint of a code, in the product's own code space: HMAC-SHA256 under a key that KMS derives and this
 * process forgets, so that the table's fingerprints say nothing to somebody who guesses codes.
 */
export async function fingerprinter(deps: FingerprintDeps, codeSpace: string): Promise<(code: Identity) => string> {
  const key = await derivedKey(deps, `fingerprints of ${codeSpace}`);
  return ({ number, secret }) =>
    createHmac("sha256", key)
      .update(JSON.stringify([number ?? null, secret]))
      .digest("base64url");
}

/** Which of the fingerprints are known, and the slot that each code first went to; strongly read. */
export async function readFingerprints(
  deps: Db<"inventory">,
  codeSpace: string,
  fingerprints: readonly string[],
): Promise<Map<string, Ticket>> {
  const macOf = new Map(fingerprints.map((mac) => [fingerprintKey(codeSpace, mac).pk, mac]));
  const keys = [...macOf.values()].map((mac) => fingerprintKey(codeSpace, mac));
  const found = await batchGet(deps.db, deps.tables.inventory, keys, true);
  return new Map(found.map((item) => [macOf.get(String(item["pk"])) ?? "", String(item["ticket"])]));
}
