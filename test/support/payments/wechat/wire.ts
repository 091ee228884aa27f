import {
  createCipheriv,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from "node:crypto";
import type { Call, Reply } from "../../suppliers/party.ts";
import { API_V3_KEY, credentials, theirs } from "./keys.ts";
import { platform } from "./published.ts";

// The simulator's side of WeChat Pay's signatures. It shares no code with the adapter.

const secondsNow = (): string => String(Math.floor(Date.now() / 1000));
const nonce = (): string => randomBytes(16).toString("hex").toUpperCase();

const signers: Readonly<Record<string, KeyObject>> = {
  [theirs.serial]: theirs.privateKey,
  [platform.serial]: createPrivateKey(platform.privateKey),
};
export const isSerial = (serial: unknown): serial is string => typeof serial === "string" && serial in signers;

/** How a signature can be wrong. */
export type WrongSignature = "none" | "other_key" | "probe" | "old" | "new_key";

/** Signs an answer or a notice, rightly or not. The names are written as WeChat Pay does: its own library for Java wants them so. */
export function signatureOf(body: string, serial: string, wrong?: WrongSignature): Record<string, string> {
  if (wrong === "none") return {};
  const timestamp = wrong === "old" ? String(Number(secondsNow()) - 3600) : secondsNow();
  const [by, named] = wrong === "other_key" ? [platform.serial, theirs.serial] : [serial, serial];
  const key = signers[by] ?? theirs.privateKey;
  const once = nonce();
  const made = sign("sha256", Buffer.from(`${timestamp}\n${once}\n${body}\n`), key).toString("base64");
  return {
    "Wechatpay-Timestamp": timestamp,
    "Wechatpay-Nonce": once,
    "Wechatpay-Serial": wrong === "new_key" ? "PUB_KEY_ID_0199999999999999999999999999" : named,
    "Wechatpay-Signature": wrong === "probe" ? `WECHATPAY/SIGNTEST/${made}` : made,
    "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
  };
}

const merchantKey = createPublicKey(credentials.privateKey);
const AUTHORIZATION =
  /^WECHATPAY2-SHA256-RSA2048 (?=.*mchid="(?<mchid>\d+)")(?=.*nonce_str="(?<once>\w+)")(?=.*timestamp="(?<timestamp>\d+)")(?=.*serial_no="(?<serial>\w+)")(?=.*signature="(?<signature>[\w+/=]+)")/;

/** Tells whether the merchant has signed a request, lately and with what it names. */
export function isSigned({ method, url, headers, body }: Call): boolean {
  const { mchid, once, timestamp, serial, signature } = AUTHORIZATION.exec(headers.authorization ?? "")?.groups ?? {};
  if (mchid !== credentials.mchId || serial !== credentials.certificateSerial) return false;
  if (Math.abs(Number(timestamp) - Number(secondsNow())) > 300) return false;
  const text = [method, `${url.pathname}${url.search}`, timestamp, once, body].map((part) => `${part}\n`).join("");
  return verify("sha256", Buffer.from(text), merchantKey, Buffer.from(signature ?? "", "base64"));
}

/** Seals what a notice says inside. */
function seal(text: string, about: string, apiV3Key: string) {
  const once = nonce().slice(0, 12);
  const cipher = createCipheriv("aes-256-gcm", apiV3Key, once).setAAD(Buffer.from(about));
  const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return { algorithm: "AEAD_AES_256_GCM", ciphertext: sealed.toString("base64"), associated_data: about, nonce: once };
}

export type Notice = { body: string; headers: Record<string, string> };
export type NoticeOptions = { serial?: string; wrong?: WrongSignature; apiV3Key?: string; id?: string };

/** Makes a signed notice. */
export function noticeOf(
  event: { type: string; about: string; summary: string },
  inside: object,
  { serial = theirs.serial, wrong, apiV3Key = API_V3_KEY, id = crypto.randomUUID() }: NoticeOptions = {},
): Notice {
  const body = JSON.stringify({
    id,
    create_time: new Date().toISOString(),
    resource_type: "encrypt-resource",
    event_type: event.type,
    summary: event.summary,
    resource: { original_type: event.about, ...seal(JSON.stringify(inside), event.about, apiV3Key) },
  });
  const signature = Object.entries(signatureOf(body, serial, wrong)).map(([name, value]) => [
    name.toLowerCase(),
    value,
  ]);
  return { body, headers: { "content-type": "application/json", ...Object.fromEntries(signature) } };
}

/** Makes a signed answer. Without a body it is a 204. */
export function answer(status: number, value: object | undefined, serial: string, wrong?: WrongSignature): Reply {
  const text = value === undefined ? "" : JSON.stringify(value);
  const headers = { "content-type": "application/json; charset=utf-8", ...signatureOf(text, serial, wrong) };
  return { status, text, headers };
}
