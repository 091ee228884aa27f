import { systemClock } from "../../kernel/clock.ts";
import { baseOf } from "../../suppliers/call.ts";
import { readBytes, retryAfterSeconds, type Sent, send } from "../../suppliers/exchange.ts";
import { parseJson } from "../../suppliers/json.ts";
import type { ProviderSettings } from "../contract.ts";
import type { Merchant } from "./credentials.ts";
import { authorization, checkSignature, type Headers, isProbe, momentAt } from "./signing.ts";

/** One call: its path and query behind the base URL, and its body unless it only asks. `onceOnly`: made twice, it would do its work twice. */
export type Ask = { method: "GET"; path: string } | { method: "POST"; path: string; body: object; onceOnly?: true };

/**
 * What came of a call. `answered`: WeChat Pay has signed it, so it counts; `value` is undefined without a body. `not_sent`: it was refused
 * before it was worked on. `unknown`: it may have worked.
 */
export type Answer =
  | { kind: "answered"; status: number; value: unknown }
  | { kind: "not_sent"; reason: string; retryAfterSeconds?: number }
  | { kind: "unknown"; reason: string };

/** A merchant, and where it is spoken to. */
export type Line = { merchant: Merchant; settings: ProviderSettings };

/** Makes one call, and again if its answer is a probe, which says nothing. */
export async function exchange(line: Line, ask: Ask): Promise<Answer> {
  const first = await once(line, ask);
  const isFinal = first !== "probe" || (ask.method === "POST" && ask.onceOnly);
  const answer = isFinal ? first : await once(line, ask);
  return answer === "probe" ? { kind: "unknown", reason: "unsigned_answer" } : answer;
}

async function once(line: Line, ask: Ask): Promise<Answer | "probe"> {
  const sent = await sendSigned(line, ask);
  return sent.kind === "answered" ? readAnswer(line, sent.response) : sent;
}

/** Sends a signed request, and leaves its answer unread. */
export function sendSigned({ merchant, settings }: Line, ask: Ask): Promise<Sent> {
  const { method, path } = ask;
  const url = new URL(`${baseOf(settings.baseUrl)}${path}`);
  const body = ask.method === "GET" ? "" : JSON.stringify(ask.body);
  const signed = { method, target: `${url.pathname}${url.search}`, body };
  const [serial] = merchant.theirKeys.keys();
  const headers = {
    accept: "application/json",
    "user-agent": "vouchsafe",
    authorization: authorization(merchant, signed, momentAt(systemClock())),
    // The key that the answer is to be signed with. While keys change it is ours to choose.
    ...(serial === undefined ? {} : { "wechatpay-serial": serial }),
    ...(body === "" ? {} : { "content-type": "application/json" }),
  };
  return send({ method, url: url.href, headers, ...(body === "" ? {} : { body }) }, settings.timeoutMs);
}

async function readAnswer({ merchant }: Line, response: Response): Promise<Answer | "probe"> {
  const read = await readBytes(response);
  if (!read.ok) return { kind: "unknown", reason: read.reason };
  const { status } = response;
  if (status >= 500) return { kind: "unknown", reason: `http_${status}` };
  // These come from before the request was worked on, some without a signature. They have us repeat what may be repeated, no more.
  if (status === 401) return { kind: "not_sent", reason: "unauthorised" };
  if (status === 429) return throttled(response);
  const headers: Headers = Object.fromEntries(response.headers);
  if (isProbe(headers)) return "probe";
  const rawBody = read.bytes.toString("utf8");
  if (checkSignature(merchant, rawBody, headers, systemClock()) !== "valid")
    return { kind: "unknown", reason: "unsigned_answer" };
  return { kind: "answered", status, value: parseJson(rawBody) };
}

function throttled(response: Response): Answer {
  const wait = retryAfterSeconds(response);
  return { kind: "not_sent", reason: "throttled", ...(wait === undefined ? {} : { retryAfterSeconds: wait }) };
}
