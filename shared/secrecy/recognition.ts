import { createHmac } from "node:crypto";
import type { KMSClient } from "@aws-sdk/client-kms";
import { fingerprintOf } from "../kernel/ids.ts";
import { derivedKey } from "./derived-key.ts";

/** Names a value by a keyed hash, for one purpose: the same value has the same name, and nobody without the key tests a guess. */
export type Recognise = (purpose: "request" | "buyer", value: unknown) => string;

/** Asks KMS for the key once per process, at the first use, so that a sale in a warm process makes no call for it. */
export type RecognitionDeps = { recognise: () => Promise<Recognise> };

/** 128 bits: too many for two values to get one name by chance, and short beside what it names. */
const NAME_BYTES = 16;

/** Names the scheme: what an earlier version wrote has no such prefix. */
const SCHEME = "v2:";

export function recogniser(kms: KMSClient, keyId: string): RecognitionDeps["recognise"] {
  let known: Promise<Recognise> | undefined;
  return () => {
    known ??= derivedKey({ kms, keyId }, "requests and buyers").then(recogniseWith);
    // A failure is for this caller alone: the next one asks again.
    known.catch(() => {
      known = undefined;
    });
    return known;
  };
}

export function recogniseWith(key: Uint8Array): Recognise {
  return (purpose, value) => {
    // SHA-256 first, because it takes the members of an object in any order.
    const mac = createHmac("sha256", key)
      .update(`${purpose}\n${fingerprintOf(value)}`)
      .digest();
    return `${SCHEME}${mac.subarray(0, NAME_BYTES).toString("base64url")}`;
  };
}

/** What was asked for, as it is kept beside what came of it; and whether something kept is of the same request. */
export type Asked = { requestHash: string; isOf: (kept: unknown) => boolean };

/**
 * Names a request that made the thing with this id. `older` is what an earlier version hashed, with plain SHA-256: what it kept
 * is compared in its way.
 */
export function askedFor(recognise: Recognise, id: string, request: unknown, older: unknown): Asked {
  const requestHash = recognise("request", { id, request });
  return {
    requestHash,
    isOf: (kept) => kept === (String(kept).startsWith(SCHEME) ? requestHash : fingerprintOf(older)),
  };
}
