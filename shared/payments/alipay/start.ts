import * as z from "zod";
import { systemClock } from "../../kernel/clock.ts";
import type { Charge, ProviderSettings, StartingProtocol, StartOutcome } from "../contract.ts";
import { type Application, applicationOf, Credentials } from "./credentials.ts";
import { ask, gatewayOf, isOneOf, reasonFor } from "./gateway.ts";
import { alipayTime, titleOf, yuanOf } from "./notation.ts";
import { encoded, signed } from "./signing.ts";

export const alipayStart: StartingProtocol<Credentials> = {
  credentials: Credentials,
  isSimulated: false,
  isSandbox: (baseUrl) => new URL(baseUrl).hostname.endsWith("alipaydev.com"),
  // Without one, a payment would be noticed only when it is next asked about.
  needsNotificationUrl: true,
  flows: { qr: [], page: [], wap: [] },
  starter: (settings, credentials) => {
    const application = applicationOf(credentials);
    return { start: (charge) => startAtAlipay(application, settings, charge) };
  },
};

const PAGES = {
  page: { method: "alipay.trade.page.pay", product_code: "FAST_INSTANT_TRADE_PAY" },
  wap: { method: "alipay.trade.wap.pay", product_code: "QUICK_WAP_WAY" },
} as const;

const Precreated = z.object({ out_trade_no: z.string(), qr_code: z.string().min(1).max(1024) });

/** The trade exists and isn't waiting any more: whether somebody has paid it, `query` says. */
const NO_LONGER_WAITS = new Set(["TRADE_HAS_SUCCESS", "TRADE_HAS_FINISHED", "TRADE_STATUS_ERROR"]);

const REASONS = {
  TRADE_HAS_CLOSE: "payment_closed",
  CONTEXT_INCONSISTENT: "reference_reused",
  TOTAL_FEE_EXCEED: "amount_not_allowed",
  EXIST_FORBIDDEN_WORD: "forbidden_word",
  INVALID_PARAMETER: "invalid_request",
};

/**
 * Begins a payment. A page's address is signed here and nothing is sent: Alipay hears of the payment when its buyer opens it. A QR code
 * is Alipay's, and the trade begins when somebody scans it. Both end with our hold: `time_expire` is a moment, while the other limits
 * that Alipay has are counted from when the buyer comes.
 */
export async function startAtAlipay(
  application: Application,
  settings: ProviderSettings,
  charge: Charge,
): Promise<StartOutcome> {
  const { id, amount, expiresAt, flow = "qr", description, returnUrl } = charge;
  const total_amount = amount.currency === "CNY" ? yuanOf(amount.amount) : undefined;
  if (amount.currency !== "CNY") return { kind: "refused", reason: "currency_not_taken" };
  if (total_amount === undefined) return { kind: "refused", reason: "amount_not_allowed" };
  const trade = {
    out_trade_no: id,
    total_amount,
    subject: titleOf(description, id),
    ...(expiresAt === undefined ? {} : { time_expire: alipayTime(new Date(expiresAt)) }),
  };
  const notify = { notify_url: settings.notificationUrl };
  if (flow === "page" || flow === "wap") {
    const { method, product_code } = PAGES[flow];
    // Where a phone's buyer goes who gives up.
    const quit = flow === "wap" && returnUrl !== undefined ? { quit_url: returnUrl } : {};
    const given = { bizContent: { ...trade, product_code, ...quit }, ...notify, return_url: returnUrl };
    return {
      kind: "pending",
      checkout: { url: `${gatewayOf(settings)}?${encoded(signed(application, method, given, systemClock()))}` },
    };
  }
  if (flow !== "qr") return { kind: "refused", reason: "flow_not_offered" };
  const said = await ask(application, settings, "alipay.trade.precreate", { bizContent: trade, ...notify });
  if (said.kind === "failed")
    return isOneOf(said.code, NO_LONGER_WAITS)
      ? { kind: "unknown", reason: "no_longer_waits" }
      : { kind: "refused", reason: reasonFor(said.code, REASONS) };
  if (said.kind !== "done") return said;
  const made = Precreated.safeParse(said.body);
  if (!made.success || made.data.out_trade_no !== id) return { kind: "unknown", reason: "unreadable_answer" };
  return { kind: "pending", checkout: { qr: made.data.qr_code } };
}
