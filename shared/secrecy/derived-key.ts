import { GenerateMacCommand, type KMSClient } from "@aws-sdk/client-kms";

export type DerivingDeps = { kms: KMSClient; fingerprintKey: string };

/** 256 bits for one purpose, always the same: KMS derives them from a key that never leaves it, and the caller forgets them. */
export async function derivedKey({ kms, fingerprintKey }: DerivingDeps, purpose: string): Promise<Uint8Array> {
  const derived = await kms.send(
    new GenerateMacCommand({ KeyId: fingerprintKey, MacAlgorithm: "HMAC_SHA_256", Message: Buffer.from(purpose) }),
  );
  if (derived.Mac === undefined) throw new Error("KMS gave no MAC");
  return derived.Mac;
}
