import { createHmac } from "node:crypto";
import type { KMSClient } from "@aws-sdk/client-kms";
import { fingerprintOf } from "../kernel/ids.ts";
import { FOR_GOOD, memory, promisedOnce } from "../kernel/memory.ts";
import { derivedKey } from "./derived-key.ts";

/**
 * Names a value for one purpose by a keyed hash. The same value gets the same name; without the key nobody can test a
 * guess.
 */
export type Recognise = (purpose: "request" | "buyer" | "contact" | "reference" | "code", value: unknown) => string;

/**
 * Gives the function that names values. It asks KMS for the key once per process, at the first use, so a sale in a
 * warm process makes no call for it.
 */
export type RecognitionDeps = { recognise: () => Promise<Recognise> };

/** 128 bits: no two values get the same name by chance, and the name is short. */
const NAME_BYTES = 16;

/** Marks names of this scheme. What an earlier version wrote has no such prefix. */
const SCHEME = "v2:";

export function recogniser(kms: KMSClient, keyId: string): RecognitionDeps["recognise"] {
  const known = memory<Promise<Recognise>>({ lastsMs: FOR_GOOD, most: 1 });
  const ask = () => derivedKey({ kms, keyId }, "requests and buyers").then(recogniseWith);
  return () => promisedOnce(known, keyId, ask);
}

export function recogniseWith(key: Uint8Array): Recognise {
  return (purpose, value) => {
    // SHA-256 first: it makes the order of an object's members irrelevant.
    const mac = createHmac("sha256", key)
      .update(`${purpose}\n${fingerprintOf(value)}`)
      .digest();
    return `${SCHEME}${mac.subarray(0, NAME_BYTES).toString("base64url")}`;
  };
}

/** A request's name as it is stored, and a check whether a stored name is of the same request. */
export type Asked = { requestHash: string; isOf: (kept: unknown) => boolean };

/**
 * Names the request that made the thing with this id. `older` is what an earlier version hashed with plain SHA-256:
 * names that it stored are compared in its way.
 */
export function askedFor(recognise: Recognise, id: string, request: unknown, older: unknown): Asked {
  const requestHash = recognise("request", { id, request });
  return {
    requestHash,
    isOf: (kept) => kept === (String(kept).startsWith(SCHEME) ? requestHash : fingerprintOf(older)),
  };
}
