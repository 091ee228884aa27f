import { type KeyObject, sign, verify } from "node:crypto";
import type { Application } from "./credentials.ts";
import { alipayTime } from "./notation.ts";

/** RSA2 is SHA256withRSA: RSASSA-PKCS1-v1_5 over SHA-256. */
const RSA2 = "RSA-SHA256";

/** Tells whether one of Alipay's keys has signed these bytes. A signature has one way to be written in base64: nothing else is taken. */
export function isAlipays(keys: readonly KeyObject[], signed: Uint8Array, signature: string): boolean {
  const bytes = Buffer.from(signature, "base64");
  return bytes.toString("base64") === signature && keys.some((key) => verify(RSA2, signed, key, bytes));
}

export type SignedCall = Readonly<Record<string, string>>;

/**
 * Signs a call of Alipay's gateway and returns all of its parameters. Signed are those that have a value, by name, as `name=value` joined
 * by `&` ([how](https://opendocs.alipay.com/common/02kf5q)).
 */
export function signed(
  { appId, privateKey, certificates }: Pick<Application, "appId" | "privateKey" | "certificates">,
  method: string,
  { bizContent, ...more }: { bizContent: object; notify_url?: string | undefined; return_url?: string | undefined },
  now: Date,
): SignedCall {
  const said = {
    app_id: appId,
    method,
    format: "JSON",
    charset: "utf-8",
    sign_type: "RSA2",
    timestamp: alipayTime(now),
    version: "1.0",
    ...certificates,
    ...more,
    biz_content: JSON.stringify(bizContent),
  };
  const parameters = Object.fromEntries(
    Object.entries(said).filter((one): one is [string, string] => one[1] !== undefined && one[1] !== ""),
  );
  const text = Object.keys(parameters)
    .toSorted()
    .map((name) => `${name}=${parameters[name]}`)
    .join("&");
  return { ...parameters, sign: sign(RSA2, Buffer.from(text), privateKey).toString("base64") };
}

/** Writes parameters for an address or a form. */
export const encoded = (parameters: SignedCall): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
