import { createPublicKey, type KeyObject } from "node:crypto";
import * as z from "zod";
import type { Secrets } from "../contract.ts";
import { certificateNumber } from "./certificates.ts";
import { privateKeyIn, publicKeyIn } from "./keys.ts";

/** The largest thing that somebody pastes here: Alipay's file of root certificates has 5 KB. */
const LONGEST = 20_000;

/** A text that is kept in its shortest form, so that all credentials fit into one parameter of the store. */
const shortened = (shorten: (text: string) => string | undefined, message: string) =>
  z
    .string()
    .max(LONGEST)
    .transform((text, context) => {
      const short = shorten(text);
      if (short !== undefined) return short;
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    });

const base64 = (key: KeyObject | undefined, type: "pkcs8" | "spki"): string | undefined =>
  (type === "pkcs8" ? key?.export({ type, format: "der" }) : key?.export({ type, format: "der" }))?.toString("base64");

const PrivateKey = shortened(
  (text) => base64(privateKeyIn(text), "pkcs8"),
  "must be an RSA private key of 2048 bits or more",
);
const PublicKey = shortened(
  (text) => base64(publicKeyIn(text), "spki"),
  "must be an RSA public key of 2048 bits or more",
);
const Certificate = shortened(certificateNumber, "must be a certificate as PEM, or its number");

/**
 * What Alipay knows us by, and we know Alipay by. `privateKey` is the application's own, `alipayPublicKey` is Alipay's, as its console
 * shows it or as its certificate. `nextAlipayPublicKey`: a second one that counts as well, while Alipay's key is changed. `appCert` and
 * `alipayRootCert`: only for an application in certificate mode.
 */
export const Credentials = z
  .strictObject({
    appId: z.string().regex(/^\d{16}$/, "must be the application's 16 digits"),
    sellerId: z.string().regex(/^2088\d{12}$/, "must be the merchant's 16 digits, which begin with 2088"),
    privateKey: PrivateKey,
    alipayPublicKey: PublicKey,
    nextAlipayPublicKey: PublicKey.exactOptional(),
    appCert: Certificate.exactOptional(),
    alipayRootCert: Certificate.exactOptional(),
  })
  .superRefine((given, context) => {
    const own = privateKeyIn(given.privateKey);
    for (const name of ["alipayPublicKey", "nextAlipayPublicKey"] as const) {
      const theirs = publicKeyIn(given[name] ?? "");
      // The commonest mistake: by the application's own public key nothing that Alipay says would ever verify.
      if (own === undefined || theirs === undefined || !createPublicKey(own).equals(theirs)) continue;
      context.addIssue({
        code: "custom",
        path: [name],
        message: "is the application's own public key; Alipay's is needed",
      });
    }
    if ((given.appCert === undefined) !== (given.alipayRootCert === undefined))
      context.addIssue({ code: "custom", path: ["appCert"], message: "goes together with alipayRootCert" });
  });
export type Credentials = z.infer<typeof Credentials>;

/** An application at Alipay, ready to sign and to verify. */
export type Application = {
  appId: string;
  sellerId: string;
  privateKey: KeyObject;
  /** Alipay's keys: what any of them verifies is Alipay's. */
  alipayKeys: readonly KeyObject[];
  /** The certificates' numbers, in certificate mode. */
  certificates?: { app_cert_sn: string; alipay_root_cert_sn: string };
};

/** Reads the keys of an application. Throws if there is none to sign with, or none to verify with. */
export function applicationOf(secrets: Secrets<Credentials>): Application {
  const { appId, sellerId, privateKey, alipayPublicKey, nextAlipayPublicKey, appCert, alipayRootCert } = secrets;
  const own = privateKeyIn(privateKey.reveal());
  const alipayKeys = [alipayPublicKey, nextAlipayPublicKey].flatMap(
    (key) => (key === undefined ? undefined : publicKeyIn(key.reveal())) ?? [],
  );
  if (own === undefined || alipayKeys.length === 0) throw new Error("an application at Alipay has no keys");
  return {
    appId: appId.reveal(),
    sellerId: sellerId.reveal(),
    privateKey: own,
    alipayKeys,
    ...(appCert === undefined || alipayRootCert === undefined
      ? {}
      : { certificates: { app_cert_sn: appCert.reveal(), alipay_root_cert_sn: alipayRootCert.reveal() } }),
  };
}
