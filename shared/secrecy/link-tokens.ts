import { createHmac } from "node:crypto";
import type { KMSClient } from "@aws-sdk/client-kms";
import { sha256 } from "../kernel/ids.ts";
import { FOR_GOOD, memory, promisedOnce } from "../kernel/memory.ts";
import { derivedKey } from "./derived-key.ts";

/** Makes the token of a link: the same for the same thing and generation. Without the key nobody can make it. */
export type LinkToken = (thing: string, generation: number) => string;

/**
 * Gives the function that makes tokens. It asks KMS for the key once per process, at the first use: a call for each order would cost
 * $3 a million.
 */
export type LinkTokens = () => Promise<LinkToken>;

/** 128 bits, as 22 letters and digits: 62^22 is more than 2^128. They survive every mail program, and fit a variable of a text message. */
const TOKEN_BYTES = 16;
const TOKEN_LENGTH = 22;
const TOKEN = new RegExp(`^[0-9A-Za-z]{${TOKEN_LENGTH}}$`);

export function linkTokens(kms: KMSClient, keyId: string): LinkTokens {
  const known = memory<Promise<LinkToken>>({ lastsMs: FOR_GOOD, most: 1 });
  const ask = () => derivedKey({ kms, keyId }, "links of buyers").then(linkTokensWith);
  return () => promisedOnce(known, keyId, ask);
}

export function linkTokensWith(key: Uint8Array): LinkToken {
  return (thing, generation) => {
    const mac = createHmac("sha256", key).update(`${thing}\n${generation}`).digest();
    return base62(mac.subarray(0, TOKEN_BYTES));
  };
}

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function base62(bytes: Uint8Array): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
  let text = "";
  for (let place = 0; place < TOKEN_LENGTH; place++) {
    text = `${DIGITS[Number(rest % 62n)]}${text}`;
    rest /= 62n;
  }
  return text;
}

/** Tells whether a text has the form of a token. Anything else is refused without a read. */
export const isLinkToken = (text: string): boolean => TOKEN.test(text);

/** Gives the hash that a token is found by. Of 128 random bits a plain one tells nothing. */
export const linkHashOf = (token: string): string =>
  Buffer.from(sha256(token), "hex").subarray(0, TOKEN_BYTES).toString("base64url");
