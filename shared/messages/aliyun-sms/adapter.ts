import { systemClock } from "../../kernel/clock.ts";
import { newNonce } from "../../kernel/ids.ts";
import { baseOf, call } from "../../suppliers/call.ts";
import { type MakeSender, SEND_TIMEOUT_MS, type SendOutcome, type TextMessage } from "../contract.ts";
import type { AliyunSmsCredentials, AliyunSmsSettings } from "./settings.ts";
import { queryOf, signedHeaders } from "./signing.ts";
import { answerSchema } from "./wire.ts";

const VERSION = "2017-05-25";
const MAINLAND = "https://dysmsapi.aliyuncs.com";

/**
 * Sends text messages by 阿里云短信服务 (`SendSms`). Its texts are registered: each of our templates needs the code that it got there,
 * and the token of the link is its variable. It knows no idempotency; `OutId` is our name, which its reports carry.
 */
export const aliyunSms: MakeSender<AliyunSmsSettings, AliyunSmsCredentials> = (
  { signName, endpoint = MAINLAND },
  { accessKeyId, accessKeySecret },
  templates,
) => {
  const base = baseOf(endpoint);
  return {
    send: async (message) => {
      if (message.medium !== "sms") return { kind: "refused", reason: "wrong_medium", about: "message" };
      const code = templates[message.template];
      if (code === undefined) return { kind: "not_sent", reason: "template_missing" };
      const query = queryFor(message, signName, code);
      const headers = signedHeaders(
        {
          host: new URL(base).host,
          action: "SendSms",
          version: VERSION,
          // The other side compares it with its own clock.
          date: systemClock()
            .toISOString()
            .replace(/\.\d+Z$/, "Z"),
          nonce: `${message.id}${newNonce()}`,
          query,
        },
        accessKeyId.reveal(),
        accessKeySecret.reveal(),
      );
      return outcomeOf(await call({ method: "POST", url: `${base}/?${queryOf(query)}`, headers }, SEND_TIMEOUT_MS));
    },
  };
};

const queryFor = ({ id, to, variables }: TextMessage, SignName: string, TemplateCode: string) => ({
  // Numbers of mainland China have no country code there, and the others no plus sign.
  PhoneNumbers: to.replace(/^\+86/, "").replace(/^\+/, ""),
  SignName,
  TemplateCode,
  TemplateParam: JSON.stringify(variables),
  OutId: id,
});

/** What `SendSms` says, and what it means for a message. Whatever is not here is about the message. */
const CODES: Readonly<Record<string, SendOutcome>> = {
  "isv.MOBILE_NUMBER_ILLEGAL": { kind: "refused", reason: "no_such_number", about: "recipient" },
  "isv.MOBILE_COUNT_OVER_LIMIT": { kind: "refused", reason: "no_such_number", about: "recipient" },
  "isv.BUSINESS_LIMIT_CONTROL": { kind: "not_sent", reason: "limited", retryAfterSeconds: 60 },
  "isv.DAY_LIMIT_CONTROL": { kind: "not_sent", reason: "limited", retryAfterSeconds: 900 },
  "isv.MONTH_LIMIT_CONTROL": { kind: "not_sent", reason: "limited", retryAfterSeconds: 900 },
  "isv.OUT_OF_SERVICE": { kind: "not_sent", reason: "account_suspended" },
  "isv.AMOUNT_NOT_ENOUGH": { kind: "not_sent", reason: "quota_used_up" },
  "isv.PRODUCT_UN_SUBSCRIPT": { kind: "not_sent", reason: "set_up_wrongly" },
  "isv.PRODUCT_UNSUBSCRIBE": { kind: "not_sent", reason: "set_up_wrongly" },
  "isv.ACCOUNT_NOT_EXISTS": { kind: "not_sent", reason: "set_up_wrongly" },
  "isv.ACCOUNT_ABNORMAL": { kind: "not_sent", reason: "account_suspended" },
  "isv.SMS_TEMPLATE_ILLEGAL": { kind: "not_sent", reason: "template_missing" },
  "isv.SMS_SIGNATURE_ILLEGAL": { kind: "not_sent", reason: "set_up_wrongly" },
  "isp.RAM_PERMISSION_DENY": { kind: "not_sent", reason: "unauthorised" },
  "isp.SYSTEM_ERROR": { kind: "unknown", reason: "sender_failed" },
};

function outcomeOf(answer: Awaited<ReturnType<typeof call>>): SendOutcome {
  if (answer.kind !== "answered") return answer;
  const { status, value } = answer;
  const read = answerSchema.safeParse(value);
  if (!read.success)
    return status === 503
      ? { kind: "not_sent", reason: "throttled" }
      : { kind: "unknown", reason: "unreadable_answer" };
  const { Code, BizId } = read.data;
  if (Code === "OK")
    return BizId === undefined
      ? { kind: "unknown", reason: "unreadable_answer" }
      : { kind: "sent", senderMessageId: BizId };
  const outcome = CODES[Code];
  if (outcome !== undefined) return outcome;
  if (Code.startsWith("isv.")) return { kind: "refused", reason: "message_refused", about: "message" };
  // The gateway's own: signature, key, time, throttling. It has called nobody then.
  if (status < 400 || status >= 500) return { kind: "unknown", reason: "sender_failed" };
  return { kind: "not_sent", reason: Code.startsWith("Throttling") ? "throttled" : "unauthorised" };
}
