import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import * as z from "zod";
import type { Secrets } from "../contract.ts";

/** How WeChat Pay names its keys: a public key by its id, a platform certificate by its serial number. */
const SERIAL = /^(PUB_KEY_ID_[0-9A-Za-z]{1,64}|[0-9A-F]{8,40})$/;

const apiV3Key = z.string().regex(/^[\x21-\x7e]{32}$/, "must have 32 characters");

/**
 * What WeChat Pay has to be spoken to with. Every other member is one of its own public keys, or platform certificates, in PEM, named by
 * its serial: as many as are in use. Answers are asked for with the first of them.
 */
export const Credentials = z
  .object({
    mchId: z.string().regex(/^\d{8,32}$/, "must be the merchant's number"),
    appId: z.string().regex(/^\w{8,32}$/, "must be the id of an app of the merchant"),
    /** The serial number of the merchant's own API certificate, whose key is `privateKey`. */
    certificateSerial: z.string().regex(/^[0-9A-F]{8,40}$/, "must be a serial number in upper-case hex"),
    privateKey: z.string().refine((pem) => isRsa(() => createPrivateKey(pem)), "must be an RSA private key in PEM"),
    apiV3Key,
    /** The key before it, while WeChat Pay still seals with that. */
    previousApiV3Key: apiV3Key.exactOptional(),
  })
  .catchall(z.string())
  .superRefine((given, context) => {
    const issue = (name: string, message: string) => context.addIssue({ code: "custom", path: [name], message });
    const theirs = theirKeysIn(given);
    if (theirs.length === 0) issue("PUB_KEY_ID_…", "is missing: name at least one key of WeChat Pay by its serial");
    for (const [name, pem] of theirs) {
      if (!SERIAL.test(name)) issue(name, "is no serial of a key of WeChat Pay");
      else if (!isRsa(() => createPublicKey(pem))) issue(name, "must be an RSA public key or a certificate in PEM");
    }
  });
export type Credentials = z.infer<typeof Credentials>;

const ours: readonly string[] = Object.keys(Credentials.shape);

const theirKeysIn = <T>(given: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(given).filter(([name]) => !ours.includes(name));

function isRsa(read: () => KeyObject): boolean {
  try {
    return read().asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}

/** A merchant of WeChat Pay, ready to sign and to check. */
export type Merchant = {
  mchId: string;
  appId: string;
  certificateSerial: string;
  privateKey: KeyObject;
  /** WeChat Pay's keys by their serial. */
  theirKeys: ReadonlyMap<string, KeyObject>;
};

export function merchantOf(credentials: Secrets<Credentials>): Merchant {
  const { mchId, appId, certificateSerial, privateKey } = credentials;
  return {
    mchId: mchId.reveal(),
    appId: appId.reveal(),
    certificateSerial: certificateSerial.reveal(),
    privateKey: createPrivateKey(privateKey.reveal()),
    theirKeys: new Map(theirKeysIn(credentials).map(([serial, pem]) => [serial, createPublicKey(pem.reveal())])),
  };
}
