/**
 * The signatures of WeChat Pay v3 (`WECHATPAY2-SHA256-RSA2048`), both ways. They are a page of `node:crypto`: WeChat Pay publishes
 * libraries for Java, Go and PHP, and none for Node.
 */
import { randomBytes, sign, verify } from "node:crypto";
import type { Merchant } from "./credentials.ts";

/** How far WeChat Pay's clock may be from ours, as its own libraries have it. */
const TOLERANCE_SECONDS = 5 * 60;

/** When something is signed, and the text that makes each signature different. */
export type Moment = { timestamp: string; nonce: string };

export const momentAt = (now: Date): Moment => ({
  timestamp: String(Math.floor(now.getTime() / 1000)),
  nonce: randomBytes(16).toString("hex"),
});

const lines = (...parts: readonly string[]): Buffer => Buffer.from(parts.map((part) => `${part}\n`).join(""));

/** Signs lines as WeChat Pay wants them: each ends with a line feed, the last one too. */
export const signLines = ({ privateKey }: Pick<Merchant, "privateKey">, ...parts: readonly string[]): string =>
  sign("sha256", lines(...parts), privateKey).toString("base64");

/** Makes the Authorization header of a request. `target`: its path and query, as they are sent; `body`: empty if there is none. */
export function authorization(
  merchant: Merchant,
  { method, target, body }: { method: string; target: string; body: string },
  { timestamp, nonce }: Moment,
): string {
  const signature = signLines(merchant, method, target, timestamp, nonce, body);
  const said = { mchid: merchant.mchId, nonce_str: nonce, timestamp, serial_no: merchant.certificateSerial, signature };
  const members = Object.entries(said).map(([name, value]) => `${name}="${value}"`);
  return `WECHATPAY2-SHA256-RSA2048 ${members.join(",")}`;
}

/** Headers by their names in lower case. */
export type Headers = Record<string, string | undefined>;

/**
 * Tells whether a signature is a probe: now and then WeChat Pay signs an answer or a notice wrongly on purpose, to see whether that is
 * noticed. A probe verifies by no key.
 */
export const isProbe = (headers: Headers): boolean =>
  headers["wechatpay-signature"]?.startsWith("WECHATPAY/SIGNTEST/") === true;

/**
 * Checks the signature of an answer or of a notice. `forged`: by none of the keys that we know, which may be because its key is new.
 * The sender is checked before the time: only what is WeChat Pay's own is ever called stale.
 */
export function checkSignature(
  { theirKeys }: Pick<Merchant, "theirKeys">,
  rawBody: string,
  headers: Headers,
  now: Date,
): "valid" | "malformed" | "forged" | "stale" {
  const { "wechatpay-serial": serial, "wechatpay-timestamp": timestamp, "wechatpay-nonce": nonce } = headers;
  const { "wechatpay-signature": signature } = headers;
  if (serial === undefined || signature === undefined) return "malformed";
  // A line feed in one of them would let the signed text be cut in two ways.
  if (timestamp === undefined || !/^\d{1,11}$/.test(timestamp)) return "malformed";
  if (nonce === undefined || !/^[\x21-\x7e]{1,128}$/.test(nonce)) return "malformed";
  const key = theirKeys.get(serial);
  if (key === undefined || isProbe(headers)) return "forged";
  const isTheirs = verify("sha256", lines(timestamp, nonce, rawBody), key, Buffer.from(signature, "base64"));
  if (!isTheirs) return "forged";
  const ageSeconds = now.getTime() / 1000 - Number(timestamp);
  return Math.abs(ageSeconds) <= TOLERANCE_SECONDS ? "valid" : "stale";
}
