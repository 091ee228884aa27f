import { createHmac } from "node:crypto";
import type { KMSClient } from "@aws-sdk/client-kms";
import { batchGet } from "../aws/batch-get.ts";
import type { Db } from "../aws/dynamo.ts";
import { derivedKey } from "../secrecy/derived-key.ts";
import type { Ticket } from "./model.ts";
import { marks } from "./stored.ts";
import { fingerprintKey } from "./table.ts";

export type FingerprintDeps = { kms: KMSClient; fingerprintKey: string };

/** The parts of a code that are compared. */
type Identity = { number?: string | undefined; secret: string };

/**
 * Makes a function that computes fingerprints of codes in one code space, in two steps. The *tag* is HMAC-SHA256 under
 * the space's tag key. The fingerprint is HMAC-SHA256 of the tag under a key that no operator gets. So an operator's
 * machine that seals codes can compute tags, and can't test guesses against the table.
 */
export async function fingerprinter(deps: FingerprintDeps, codeSpace: string): Promise<(code: Identity) => string> {
  const key = await spaceKey(deps, codeSpace);
  const tagOf = tagger(tagKeyIn(key));
  return (code) => hmac(key, tagOf(code));
}

/** Makes a function that computes the fingerprints of codes that were sealed elsewhere, from their tags. */
export async function fingerprinterOfTags(deps: FingerprintDeps, codeSpace: string): Promise<(tag: string) => string> {
  const key = await spaceKey(deps, codeSpace);
  return (tag) => hmac(key, tag);
}

/**
 * Gives the tag key of a code space, for an operator who seals codes for it. The fingerprints' key can't be computed
 * from it.
 */
export async function tagKeyOf(deps: FingerprintDeps, codeSpace: string): Promise<Uint8Array> {
  return tagKeyIn(await spaceKey(deps, codeSpace));
}

/**
 * Makes a function that computes tags. Letters that look the same but are encoded differently count as the same
 * (Unicode's normal form C).
 */
export function tagger(tagKey: Uint8Array): (code: Identity) => string {
  return ({ number, secret }) => hmac(tagKey, JSON.stringify([number ?? null, secret]).normalize("NFC"));
}

const spaceKey = ({ kms, fingerprintKey: keyId }: FingerprintDeps, codeSpace: string): Promise<Uint8Array> =>
  derivedKey({ kms, keyId }, `fingerprints of ${codeSpace}`);

/** Derives the tag key. A tag has 43 letters, so the word `tags` is none. */
const tagKeyIn = (key: Uint8Array): Uint8Array => createHmac("sha256", key).update("tags").digest();

const hmac = (key: Uint8Array, text: string): string => createHmac("sha256", key).update(text).digest("base64url");

/** The code space of the whole shop. No product has this id. */
export const SHOP = "shop";

/**
 * The fingerprints by which codes are compared in a code space. `fingerprint`: of number and secret. `twin`, only if
 * there is a number: of the secret alone, which is the fingerprint of the same code without its number.
 */
export type Marks = { fingerprint: string; twin?: string };

/** Makes a function that computes the marks of codes in the clear. */
export async function marker(deps: FingerprintDeps, codeSpace: string): Promise<(code: Identity) => Marks> {
  const mac = await fingerprinter(deps, codeSpace);
  return (code) => ({
    fingerprint: mac(code),
    ...(code.number === undefined ? {} : { twin: mac({ secret: code.secret }) }),
  });
}

/** Reads which fingerprints are known, and the slot that each code first went to. Strongly. */
export async function readFingerprints(
  deps: Db<"inventory">,
  codeSpace: string,
  fingerprints: readonly string[],
): Promise<Map<string, Ticket>> {
  const macOf = new Map(fingerprints.map((mac) => [fingerprintKey(codeSpace, mac).pk, mac]));
  const keys = [...macOf.values()].map((mac) => fingerprintKey(codeSpace, mac));
  const found = await batchGet(deps.db, deps.tables.inventory, keys, true);
  // A mark without a ticket only counts codes with numbers that have this secret.
  return new Map(
    found.flatMap((item): [string, Ticket][] => {
      const { ticket } = marks.read(item);
      return ticket === undefined ? [] : [[macOf.get(String(item["pk"])) ?? "", ticket]];
    }),
  );
}
