import { signedHeaders } from "../../../shared/messages/aliyun-sms/signing.ts";
import { senderOf } from "../../../shared/messages/registry.ts";
import { type Called, httpServer, type Said } from "./http-party.ts";
import { MOODS, type Mood, type Party, type Taken } from "./sender-conformance.ts";

const KEY = "LTAI0123456789abcdef";
const SECRET = "0123456789abcdef0123456789abcd";
const TEMPLATES = { "delivered.zh": "SMS_100", "delivered.en": "SMS_101" };

const says = (Code: string, more: object = {}, status = 200): Said => ({
  status,
  headers: { "content-type": "application/json;charset=utf-8" },
  body: JSON.stringify({
    Message: "about 13800138000",
    RequestId: "F655A8D5-B967-440B-8683-DAD6FF8DE990",
    Code,
    ...more,
  }),
});

const REFUSALS: Readonly<Partial<Record<Mood, Said>>> = {
  knows_no_such_recipient: says("isv.MOBILE_NUMBER_ILLEGAL"),
  refuses_message: says("isv.BLACK_KEY_CONTROL_LIMIT"),
  is_busy: says("isv.BUSINESS_LIMIT_CONTROL"),
  talks_nonsense: { status: 200, body: "<html>" },
};

/** 阿里云短信服务 as the other side: it checks the signature, takes `SendSms`, and fills the template that is registered. */
export async function aliyunParty(): Promise<Party> {
  let mood: Mood = "takes";
  const taken: Taken[] = [];
  const isSigned = ({ headers, url }: Called): boolean => {
    const query = Object.fromEntries(new URL(url, "http://x").searchParams);
    const text = (name: string): string => String(headers[name]);
    const call = { action: text("x-acs-action"), version: text("x-acs-version"), date: text("x-acs-date") };
    const expected = signedHeaders(
      { host: text("host"), nonce: text("x-acs-signature-nonce"), query, ...call },
      KEY,
      SECRET,
    );
    return expected["authorization"] === headers.authorization;
  };
  const server = await httpServer((called) => {
    if (!isSigned(called)) return says("SignatureDoesNotMatch", {}, 400);
    const refusal = REFUSALS[mood];
    if (refusal !== undefined) return refusal;
    const query = new URL(called.url, "http://x").searchParams;
    const { token } = JSON.parse(query.get("TemplateParam") ?? "{}") as { token?: string };
    if (!Object.values(TEMPLATES).includes(query.get("TemplateCode") ?? "")) return says("isv.SMS_TEMPLATE_ILLEGAL");
    const said = `【${query.get("SignName")}】您购买的商品已就绪 https://shop.example/d/${token}`;
    taken.push({ to: `+86${query.get("PhoneNumbers")}`, said });
    return mood === "loses_answer" ? undefined : says("OK", { BizId: `90061${taken.length}^0` });
  });
  const settings = { signName: "星河" };
  return {
    medium: "sms",
    moods: MOODS,
    sender: () =>
      senderOf(
        "aliyun-sms",
        { ...settings, endpoint: mood === "is_down" ? "http://127.0.0.1:3" : server.url },
        { accessKeyId: KEY, accessKeySecret: mood === "refuses_us" ? SECRET.replaceAll("0", "9") : SECRET },
        TEMPLATES,
      ),
    be: (next) => {
      mood = next;
    },
    taken: () => taken,
    linkIn: (message) => (message.medium === "sms" ? (message.variables["token"] ?? "") : ""),
    stop: server.stop,
  };
}
