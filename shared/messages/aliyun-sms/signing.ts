/**
 * Signs calls of Alibaba Cloud by its version 3, `ACS3-HMAC-SHA256`
 * (https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature). With `node:crypto`: its SDK is a dozen packages
 * for these forty lines.
 */
import { createHmac } from "node:crypto";
import { sha256 } from "../../kernel/ids.ts";

/** A call as it is signed. `date`: RFC 3339 to the second; `nonce`: another one for each call. */
export type SignedCall = {
  host: string;
  action: string;
  version: string;
  date: string;
  nonce: string;
  query: Readonly<Record<string, string>>;
  body?: string;
};

const ALGORITHM = "ACS3-HMAC-SHA256";

/** Encodes by RFC 3986, as the signature wants it: what `encodeURIComponent` leaves as it is, too. */
export const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** Writes a query with its names sorted. */
export const queryOf = (query: SignedCall["query"]): string =>
  Object.entries(query)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .join("&");

/** Gives the headers of a call, with its signature. The path is `/`, the method POST. */
export function signedHeaders(call: SignedCall, keyId: string, secret: string): Record<string, string> {
  const { host, action, version, date, nonce, query, body = "" } = call;
  const headers = {
    host,
    "x-acs-action": action,
    "x-acs-content-sha256": sha256(body),
    "x-acs-date": date,
    "x-acs-signature-nonce": nonce,
    "x-acs-version": version,
  };
  const names = Object.keys(headers).join(";");
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ["POST", "/", queryOf(query), lines.join(""), names, sha256(body)].join("\n");
  const signature = createHmac("sha256", secret)
    .update(`${ALGORITHM}\n${sha256(canonical)}`)
    .digest("hex");
  return {
    ...headers,
    authorization: `${ALGORITHM} Credential=${keyId},SignedHeaders=${names},Signature=${signature}`,
  };
}
