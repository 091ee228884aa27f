import { afterAll, describe, expect, test } from "vitest";
import { methodOf } from "../../../shared/payments/registry.ts";
import { aCharge } from "../../support/payments/alipay/charges.ts";
import { pythonLibrary, typescriptLibrary } from "../../support/payments/alipay/libraries.ts";
import { startAlipaySimulator } from "../../support/payments/alipay/simulator.ts";
import { isFullProof } from "../../support/size.ts";

// Our simulator of Alipay answers Alipay's own libraries, in two languages, and they verify what it signs. So what our adapter understands
// of it, Alipay's libraries understand too.

const simulator = await startAlipaySimulator();
afterAll(() => simulator.stop());
const adapter = methodOf("alipay", { baseUrl: simulator.url, timeoutMs: 15_000 }, simulator.credentials, "prod");

const libraries = [
  { language: "TypeScript", library: typescriptLibrary(simulator) },
  ...(isFullProof ? [{ language: "Python", library: await pythonLibrary(simulator) }] : []),
];
if (!isFullProof)
  process.stdout.write("Alipay's library in Python has half a gigabyte: only the full proof runs it.\n");

describe.each(libraries)("Alipay's own library in $language", ({ language, library }) => {
  const trade = (name: string) => ({
    out_trade_no: `pay_${language.toLowerCase()}_${name}`,
    total_amount: "15.00",
    subject: "充值卡 100元",
  });

  test("signs a page that the simulator opens, and hears from it what our adapter hears", async () => {
    const given = { ...trade("page"), product_code: "FAST_INSTANT_TRADE_PAY" };
    const named = { out_trade_no: given.out_trade_no };
    const page = await fetch(await library.pageUrl("alipay.trade.page.pay", given));
    expect(await page.text()).toContain(given.subject);
    expect(await library.call("alipay.trade.query", named)).toMatchObject({ trade_status: "WAIT_BUYER_PAY" });
    expect(await adapter.query(aCharge({ id: given.out_trade_no }))).toEqual({ kind: "pending" });
    expect(await library.call("alipay.trade.close", named)).toMatchObject({ code: "10000" });
    expect(await adapter.query(aCharge({ id: given.out_trade_no }))).toEqual({ kind: "closed" });
  });

  test("makes a QR code, is paid, and gives back", async () => {
    const given = trade("qr");
    const named = { out_trade_no: given.out_trade_no };
    const made = await library.call("alipay.trade.precreate", given);
    expect((await fetch(String(made["qr_code"]), { method: "POST" })).status).toBe(200);
    expect(await library.call("alipay.trade.query", named)).toMatchObject({
      trade_status: "TRADE_SUCCESS",
      total_amount: "15.00",
    });
    const refund = { ...named, out_request_no: "rfd_1", refund_amount: "5.00" };
    for (const fund_change of ["Y", "N"])
      expect(await library.call("alipay.trade.refund", refund)).toMatchObject({ fund_change, refund_fee: "5.00" });
    const asked = await library.call("alipay.trade.fastpay.refund.query", { ...named, out_request_no: "rfd_1" });
    expect(asked).toMatchObject({ refund_status: "REFUND_SUCCESS", refund_amount: "5.00" });
  });

  test("verifies the simulator's answers and notices, as our adapter does, and neither believes a forged one", async () => {
    const given = trade("notice");
    const charge = aCharge({ id: given.out_trade_no });
    await library.call("alipay.trade.precreate", given);
    simulator.pay(charge.id);
    const notice = simulator.notice(charge.id);
    const forged = notice.replace("15.00", "25.00");
    for (const [form, isGenuine] of [
      [notice, true],
      [forged, false],
    ] as const) {
      expect(await library.isNotice(form)).toBe(isGenuine);
      expect(adapter.verify(form, {}, new Date()).ok).toBe(isGenuine);
    }
    simulator.misbehave("alipay.trade.query", { kind: "forged" }, { kind: "forged" });
    await expect(library.call("alipay.trade.query", { out_trade_no: charge.id })).rejects.toThrow(/sign|验签/);
    expect((await adapter.query(charge)).kind).toBe("unknown");
  });
});
