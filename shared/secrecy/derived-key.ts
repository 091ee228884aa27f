import { GenerateMacCommand, type KMSClient } from "@aws-sdk/client-kms";
import { Fault } from "../kernel/fault.ts";

/** An HMAC key in KMS, from which secrets are derived. */
export type DerivingKey = { kms: KMSClient; keyId: string };

/**
 * Derives 256 bits for one purpose from a key that never leaves KMS. The same purpose gives the same bits. The caller
 * forgets them after use.
 */
export async function derivedKey({ kms, keyId }: DerivingKey, purpose: string): Promise<Uint8Array> {
  const derived = await kms.send(
    new GenerateMacCommand({ KeyId: keyId, MacAlgorithm: "HMAC_SHA_256", Message: Buffer.from(purpose) }),
  );
  if (derived.Mac === undefined) throw new Fault("kms_gave_nothing", "KMS gave no MAC");
  return derived.Mac;
}
