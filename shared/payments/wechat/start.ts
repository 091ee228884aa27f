import { secondsUntil, systemClock } from "../../kernel/clock.ts";
import type { Charge, Checkout, StartingProtocol, StartOutcome } from "../contract.ts";
import { Credentials, merchantOf } from "./credentials.ts";
import { exchange, type Line } from "./exchange.ts";
import { momentAt, signLines } from "./signing.ts";
import { beijing } from "./times.ts";
import { look, reasonIn, unread } from "./trades.ts";
import { prepaidSchema, prepaySchema } from "./wire.ts";

/** WeChat Pay lets everything be paid for a minute at least, so a shorter time would end after ours. The rest is for the way there. */
const LEAST_SECONDS = 60 + 10;

/** Bytes of UTF-8. */
const LONGEST_DESCRIPTION = 127;

/** What place-order needs of WeChat Pay. */
export const wechatStart: StartingProtocol<Credentials> = {
  credentials: Credentials,
  isSimulated: false,
  flows: { native: [], jsapi: ["openId"] },
  needsNotificationUrl: true,
  starter(settings, credentials) {
    const line = { merchant: merchantOf(credentials), settings };
    return { start: (charge) => start(line, charge) };
  },
};

/**
 * Begins a trade. The number and everything else come from the charge, so the same charge is the same trade; it gets a new code each time.
 */
async function start(line: Line, charge: Charge): Promise<StartOutcome> {
  const { flow = "native", expiresAt } = charge;
  if (charge.amount.currency !== "CNY") return { kind: "refused", reason: "other_currency" };
  if (flow === "jsapi" && charge.openId === undefined) return { kind: "refused", reason: "no_open_id" };
  if (expiresAt !== undefined && secondsUntil(expiresAt, systemClock()) < LEAST_SECONDS)
    return { kind: "not_sent", reason: "too_late" };
  const path = `/v3/pay/transactions/${flow}`;
  const answer = await exchange(line, { method: "POST", path, body: tradeOf(line, charge) });
  if (answer.kind !== "answered") return answer;
  const { status, value } = answer;
  if (status === 200) {
    const checkout = flow === "jsapi" ? signedParameters(line, value) : codeIn(value);
    return checkout === undefined ? unread(answer) : { kind: "pending", checkout };
  }
  const reason = reasonIn(value);
  if (reason === undefined) return unread(answer);
  if (reason === "rule_limit") return { kind: "not_sent", reason };
  // An earlier start may have begun the trade, and it may be paid by now. Only what WeChat Pay does not know is refused.
  const looked = await look(line, charge);
  return { kind: looked.kind === "never_heard" ? "refused" : "unknown", reason };
}

function tradeOf({ merchant, settings }: Line, charge: Charge): object {
  const { id, amount, description, expiresAt, openId, payerIp, flow } = charge;
  return {
    appid: merchant.appId,
    mchid: merchant.mchId,
    description: shortened(description ?? id),
    out_trade_no: id,
    ...(expiresAt === undefined ? {} : { time_expire: beijing(expiresAt) }),
    notify_url: settings.notificationUrl,
    amount: { total: amount.amount, currency: amount.currency },
    ...(flow === "jsapi" ? { payer: { openid: openId } } : {}),
    ...(payerIp === undefined ? {} : { scene_info: { payer_client_ip: payerIp } }),
  };
}

/** Cuts a text to what fits, between two characters. */
function shortened(text: string): string {
  let bytes = 0;
  let fits = "";
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > LONGEST_DESCRIPTION) break;
    fits += character;
  }
  return fits;
}

function codeIn(value: unknown): Checkout | undefined {
  const read = prepaidSchema.safeParse(value);
  return read.success ? { qr: read.data.code_url } : undefined;
}

/** Signs what the page or the mini program of the app hands to WeChat, which then asks the payer. */
function signedParameters({ merchant }: Line, value: unknown): Checkout | undefined {
  const read = prepaySchema.safeParse(value);
  if (!read.success) return undefined;
  const { appId } = merchant;
  const { timestamp: timeStamp, nonce: nonceStr } = momentAt(systemClock());
  const packed = `prepay_id=${read.data.prepay_id}`;
  const paySign = signLines(merchant, appId, timeStamp, nonceStr, packed);
  return { parameters: { appId, timeStamp, nonceStr, package: packed, signType: "RSA", paySign } };
}
