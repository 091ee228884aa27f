import * as z from "zod";
import { systemClock } from "../../kernel/clock.ts";
import { baseOf } from "../../suppliers/call.ts";
import { readBytes, retryAfterSeconds, send } from "../../suppliers/exchange.ts";
import type { ProviderSettings } from "../contract.ts";
import { answerIn } from "./answer.ts";
import type { Application } from "./credentials.ts";
import { encoded, signed } from "./signing.ts";

/**
 * What a call came to. `done`: Alipay did it or answers the question, and has signed so · `failed`: a definite no, signed, in its
 * `sub_code` · the others as in the contract.
 */
export type Said =
  | { kind: "done"; body: unknown }
  | { kind: "failed"; code: string }
  | { kind: "not_sent"; reason: string; retryAfterSeconds?: number }
  | { kind: "unknown"; reason: string };

const Outer = z.object({ code: z.coerce.string(), sub_code: z.string().exactOptional() });

/** Gives the gateway's address, which people write with its path or without. */
export const gatewayOf = ({ baseUrl }: Pick<ProviderSettings, "baseUrl">): string =>
  `${baseOf(baseUrl).replace(/\/gateway\.do$/, "")}/gateway.do`;

/** Calls a method of the gateway. Nothing in an answer counts that Alipay has not signed. */
export async function ask(
  application: Application,
  settings: Pick<ProviderSettings, "baseUrl" | "timeoutMs">,
  method: string,
  given: Parameters<typeof signed>[2],
): Promise<Said> {
  // As Alipay's own libraries do: what is common goes in the address, because the gateway reads the charset there.
  const { biz_content = "", ...common } = signed(application, method, given, systemClock());
  const sent = await send(
    {
      method: "POST",
      url: `${gatewayOf(settings)}?${encoded(common)}`,
      headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded;charset=utf-8" },
      body: encoded({ biz_content }),
    },
    settings.timeoutMs,
  );
  if (sent.kind !== "answered") return sent;
  const { status } = sent.response;
  const content = await readBytes(sent.response);
  if (status === 429) return throttled(retryAfterSeconds(sent.response));
  if (!content.ok) return { kind: "unknown", reason: status >= 500 ? `http_${status}` : content.reason };
  const answer = answerIn(content.bytes.toString(), method, application.alipayKeys);
  if (answer === "forged") return { kind: "unknown", reason: "forged_answer" };
  const outer = Outer.safeParse(answer === "unreadable" ? undefined : answer.body);
  if (answer === "unreadable" || !outer.success)
    return { kind: "unknown", reason: status >= 500 ? `http_${status}` : "unreadable_answer" };
  return saidBy(answer, outer.data);
}

const throttled = (wait?: number): Said => ({
  kind: "not_sent",
  reason: "throttled",
  ...(wait === undefined ? {} : { retryAfterSeconds: wait }),
});

/** The gateway's codes for calls that it refused before it worked on them: something is missing, wrong or not allowed. */
const REFUSED_AT_THE_DOOR = new Set(["20001", "40001", "40002", "40003", "40006"]);

/** What is wrong with us as a whole, and not with this call: mended settings make it work. */
const ABOUT_US = /invalid-(signature|app-id|encrypt|timestamp|cert|auth)|missing-signature|permission|cert/i;

function saidBy({ isSigned, body }: { isSigned: boolean; body: unknown }, outer: z.infer<typeof Outer>): Said {
  const { code, sub_code = "" } = outer;
  if (code === "40005") return throttled();
  if (REFUSED_AT_THE_DOOR.has(code)) {
    // It can't sign its answer to a call that it can't attribute to anybody. As the call did nothing, that may be believed.
    if (code === "20001" || code === "40006" || ABOUT_US.test(sub_code))
      return { kind: "not_sent", reason: "unauthorised" };
    return isSigned ? { kind: "failed", code: sub_code } : { kind: "not_sent", reason: "invalid_request" };
  }
  if (!isSigned) return { kind: "unknown", reason: "unsigned_answer" };
  if (code === "10000") return { kind: "done", body };
  // Also spelt AQC.SYSTEM_ERROR and aop.ACQ.SYSTEM_ERROR. It may have worked before it failed.
  if (code !== "40004" || /SYSTEM_?ERROR|unknow-error|TIME_?OUT|UNKNOWN/i.test(sub_code) || sub_code === "")
    return { kind: "unknown", reason: code === "10003" ? "in_progress" : "system_error" };
  return { kind: "failed", code: sub_code };
}

/** Makes a reason of ours of Alipay's code: by the table, or by the code itself, which is a word of a closed list and names nobody. */
export function reasonFor(code: string, table: Readonly<Record<string, string>>): string {
  const [, name = ""] = /^(?:aop\.)?ACQ\.([A-Z][A-Z0-9_]{1,55})$/.exec(code) ?? [];
  return table[name] ?? (name === "" ? "refused" : name.toLowerCase());
}

/** Tells whether a code is one of these, however it is prefixed. */
export const isOneOf = (code: string, names: ReadonlySet<string>): boolean => names.has(code.replace(/^.*\./, ""));
