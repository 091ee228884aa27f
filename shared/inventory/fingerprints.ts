import { createHmac } from "node:crypto";
import type { KMSClient } from "@aws-sdk/client-kms";
import { batchGet } from "../aws/batch-get.ts";
import type { Db } from "../aws/dynamo.ts";
import { derivedKey } from "../secrecy/derived-key.ts";
import type { Ticket } from "./model.ts";
import { fingerprintKey } from "./table.ts";

export type FingerprintDeps = { kms: KMSClient; fingerprintKey: string };

/** What makes two codes the same. */
type Identity = { number?: string | undefined; secret: string };

/**
 * A keyed fingerprint of a code, in the product's own code space, in two steps. The *tag* is HMAC-SHA256 under the space's tag
 * key; the fingerprint is HMAC-SHA256 of the tag under a key that no operator gets. So whoever seals codes on a machine of
 * their own can tag them, and still tests no guess: not against the table, for which the other key is missing.
 */
export async function fingerprinter(deps: FingerprintDeps, codeSpace: string): Promise<(code: Identity) => string> {
  const key = await spaceKey(deps, codeSpace);
  const tagOf = tagger(tagKeyIn(key));
  return (code) => hmac(key, tagOf(code));
}

/** The same for codes that nobody here can read, by their tags. */
export async function fingerprinterOfTags(deps: FingerprintDeps, codeSpace: string): Promise<(tag: string) => string> {
  const key = await spaceKey(deps, codeSpace);
  return (tag) => hmac(key, tag);
}

/** The key of a code space's tags, for whoever may seal codes for it. The key of its fingerprints can't be made of it. */
export async function tagKeyOf(deps: FingerprintDeps, codeSpace: string): Promise<Uint8Array> {
  return tagKeyIn(await spaceKey(deps, codeSpace));
}

/** Letters that are written in two ways and look the same are the same (Unicode's normal form C). */
export function tagger(tagKey: Uint8Array): (code: Identity) => string {
  return ({ number, secret }) => hmac(tagKey, JSON.stringify([number ?? null, secret]).normalize("NFC"));
}

const spaceKey = ({ kms, fingerprintKey: keyId }: FingerprintDeps, codeSpace: string): Promise<Uint8Array> =>
  derivedKey({ kms, keyId }, `fingerprints of ${codeSpace}`);

/** Tags are 43 letters, so the word that the tag key comes from is no tag. */
const tagKeyIn = (key: Uint8Array): Uint8Array => createHmac("sha256", key).update("tags").digest();

const hmac = (key: Uint8Array, text: string): string => createHmac("sha256", key).update(text).digest("base64url");

/** The code space of the whole shop: no product is called so. */
export const SHOP = "shop";

/**
 * What says that two codes are the same in a code space: `fingerprint` of number and secret, and, of a code that has a number,
 * `twin`: the fingerprint of its secret alone, which is that of the same code without its number.
 */
export type Marks = { fingerprint: string; twin?: string };

/** What makes the marks of codes in the clear. */
export async function marker(deps: FingerprintDeps, codeSpace: string): Promise<(code: Identity) => Marks> {
  const mac = await fingerprinter(deps, codeSpace);
  return (code) => ({
    fingerprint: mac(code),
    ...(code.number === undefined ? {} : { twin: mac({ secret: code.secret }) }),
  });
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
  // Where only codes with numbers have this secret there is no ticket: it is none of a code without a number.
  const codes = found.filter((item) => item["ticket"] !== undefined);
  return new Map(codes.map((item) => [macOf.get(String(item["pk"])) ?? "", String(item["ticket"])]));
}
