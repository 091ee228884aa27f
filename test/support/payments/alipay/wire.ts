/** Alipay's side of its wire: how it reads calls, and signs answers and notices. Written from its documents, and apart from our adapter. */
import { createSign, createVerify, generateKeyPairSync, type KeyObject } from "node:crypto";
import type { Reply } from "../../suppliers/party.ts";

export type Keys = { privateKey: KeyObject; publicKey: KeyObject };
export const newKeys = (): Keys => generateKeyPairSync("rsa", { modulusLength: 2048 });

/** A key as the console shows it, and as merchants paste it: base64 in one line. */
export const publicText = ({ publicKey }: Keys): string =>
  publicKey.export({ type: "spki", format: "der" }).toString("base64");
export const privateText = ({ privateKey }: Keys, type: "pkcs1" | "pkcs8" = "pkcs8"): string =>
  privateKey.export({ type, format: "der" }).toString("base64");

const signText = (text: string, { privateKey }: Keys): string =>
  createSign("SHA256").update(text, "utf8").sign(privateKey, "base64");

/** What both sides sign: everything but the left out, by name. */
const joined = (fields: Record<string, string>, leftOut: readonly string[]): string =>
  Object.keys(fields)
    .filter((name) => !leftOut.includes(name) && fields[name] !== "")
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join("&");

/** Tells whether a call was signed by the merchant. */
export function isMerchants(parameters: Record<string, string>, { publicKey }: Pick<Keys, "publicKey">): boolean {
  const { sign = "", sign_type } = parameters;
  if (sign_type !== "RSA2") return false;
  return createVerify("SHA256")
    .update(joined(parameters, ["sign"]), "utf8")
    .verify(publicKey, sign, "base64");
}

/** An answer as it goes over the wire. Alipay writes `\/` for each slash, and signs what it has written. */
export function answer(method: string, body: object, keys: Keys): string {
  const text = JSON.stringify(body).replaceAll("/", "\\/");
  return `{"${method.replaceAll(".", "_")}_response":${text},"sign":"${signText(text, keys)}"}`;
}

/** An answer to a call that it can't attribute to anybody. */
export const errorAnswer = (code: string, subCode: string): string =>
  JSON.stringify({ error_response: { code, msg: "Invalid Arguments", sub_code: subCode, sub_msg: "参数有误" } });

/** A notice as it is posted: a form, without what has no value. */
export function notice(given: Record<string, string>, keys: Keys): string {
  const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
  const sign = signText(joined(fields, ["sign", "sign_type"]), keys);
  return new URLSearchParams({ ...fields, sign_type: "RSA2", sign }).toString();
}

/** Its clock stands in Shanghai. */
export const chinaTime = (at = new Date()): string =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "medium" }).format(at);
export const atChinaTime = (text: string): number => Date.parse(`${text.replace(" ", "T")}+08:00`);

export const yuan = (fen: number): string => (fen / 100).toFixed(2);
export const fen = (text: unknown): number => Math.round(Number(text) * 100);

/** An answer of the gateway. */
export const json = (text: string): Reply => ({
  status: 200,
  text,
  headers: { "content-type": "application/json;charset=utf-8" },
});

/** Posts a notice, and gives what was answered; empty: nothing was. */
export async function post(url: string, body: string, stopped: AbortSignal): Promise<string> {
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
      redirect: "manual",
      signal: AbortSignal.any([stopped, AbortSignal.timeout(5_000)]),
    });
    return await response.text();
  } catch {
    return "";
  }
}
