import { expect, onTestFinished, test } from "vitest";
import { methodOf } from "../../../shared/payments/registry.ts";
import { startAlipaySimulator } from "../../support/payments/alipay/simulator.ts";
import { startPaymentSimulator } from "../../support/payments/payment-simulator.ts";
import { chargeFor } from "../../support/payments/stripe/stripe-payments.ts";
import { startStripeSimulator } from "../../support/payments/stripe/stripe-simulator.ts";
import { startWechatSimulator } from "../../support/payments/wechat/simulator.ts";

// What a person does in a browser on the pages of the simulated providers, as `npm start` runs them.

const settings = { timeoutMs: 2_000, notificationUrl: "http://127.0.0.1:9/told" };
const started = {
  simulated: startPaymentSimulator,
  stripe: startStripeSimulator,
  alipay: startAlipaySimulator,
  wechat: startWechatSimulator,
};

/** A browser: it wants pages, and follows where it is sent. */
async function browse(url: string, form?: Record<string, string>) {
  const sent = form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) };
  const answer = await fetch(url, { headers: { accept: "text/html,*/*" }, ...sent });
  const text = await answer.text();
  return { text, buttons: [...text.matchAll(/value="(\w+)"/g)].map(([, name]) => name), url: answer.url };
}

/** A payment that was begun at a provider of its own, and the page that its buyer sees. */
async function begun(name: keyof typeof started) {
  const simulator = await started[name]();
  onTestFinished(() => simulator.stop());
  const method = methodOf(name, { baseUrl: simulator.url, ...settings }, simulator.credentials, "local");
  const { flow: _flow, ...charge } = { flow: undefined, ...chargeFor(1800), description: "Music <b>& more" };
  const outcome = await method.start(charge);
  if (outcome.kind !== "pending" || outcome.checkout === undefined) throw new Error(outcome.kind);
  const { providerPaymentId } = outcome;
  const known = { ...charge, ...(providerPaymentId === undefined ? {} : { providerPaymentId }) };
  return { simulator, method, charge: known, checkout: outcome.checkout };
}

const pageOf = (url: string, id: string): string => `${url}/pay/${id}`;

test.each(["simulated", "stripe", "alipay", "wechat"] as const)(
  "at %s a person finds the payment in the list, refuses, and pays; once",
  async (name) => {
    const { simulator, method, charge } = await begun(name);
    const list = await browse(simulator.url);
    expect(list.text).toContain(`href="/pay/${charge.id}">18.00 CNY</a>`);
    const page = await browse(pageOf(simulator.url, charge.id));
    expect(page.buttons).toEqual(["pay", "refuse"]);
    expect(page.text).not.toContain("<b>");
    const refused = await browse(page.url, { act: "refuse" });
    expect(refused.text).toContain("Not paid");
    expect(["pending", "never_heard"]).toContain((await method.query(charge)).kind);
    const paid = await browse(page.url, { act: "pay" });
    expect(paid.text).toContain("paid");
    expect(paid.buttons).not.toContain("pay");
    expect(await method.query(charge)).toMatchObject({ kind: "paid", received: { amount: 1800, currency: "CNY" } });
    expect((await browse(page.url, { act: "pay" })).text).toContain("can&#39;t be done any more");
  },
);

test.each(["simulated", "stripe", "alipay", "wechat"] as const)(
  "at %s a person pays too late what was closed, and a payment that nobody knows is none",
  async (name) => {
    const { simulator, method, charge } = await begun(name);
    // Alipay knows of a trade when somebody has scanned it.
    if ("open" in simulator) simulator.open(charge.id, 1800);
    await method.close(charge);
    const page = await browse(pageOf(simulator.url, charge.id));
    expect(page.buttons).toEqual(["pay_late"]);
    await browse(page.url, { act: "pay_late" });
    expect(await method.query(charge)).toMatchObject({ kind: "paid" });
    expect((await browse(pageOf(simulator.url, "nobody"))).text).toBe("There is no such payment.");
  },
);

test("what WeChat gives to scan is typed into its page, by a person or by a script", async () => {
  const { simulator, method, charge, checkout } = await begun("wechat");
  const code = "qr" in checkout ? checkout.qr : "";
  const scanned = await browse(`${simulator.url}/scan`, { code: ` ${code} ` });
  expect(scanned.url).toBe(pageOf(simulator.url, charge.id));
  expect((await browse(`${simulator.url}/scan`, { code: "weixin://other" })).text).toBe("There is no such code.");
  const byScript = await fetch(`${simulator.url}/scan`, { method: "POST", body: new URLSearchParams({ code }) });
  expect([byScript.status, ((await byScript.json()) as { state: string }).state]).toEqual([200, "paid"]);
  expect(await method.query(charge)).toMatchObject({ kind: "paid" });
});

test.each(["simulated", "stripe"] as const)("at %s a payer disputes, and the bank decides", async (name) => {
  const { simulator, method, charge } = await begun(name);
  const url = pageOf(simulator.url, charge.id);
  await browse(url, { act: "pay" });
  expect((await browse(url)).buttons).toEqual(["dispute"]);
  expect((await browse(url, { act: "dispute" })).buttons).toEqual(["shop_wins", "buyer_wins"]);
  const listed = await method.disputes?.list(new Date(0).toISOString());
  const [id = ""] = listed?.kind === "page" ? listed.ids : [];
  expect(await method.disputes?.query(id)).toMatchObject({ kind: "dispute", news: { state: "opened" } });
  await browse(url, { act: "shop_wins" });
  expect(await method.disputes?.query(id)).toMatchObject({ kind: "dispute", news: { state: "won" } });
});

test("a payer complains of a payment at WeChat Pay", async () => {
  const { simulator, method, charge } = await begun("wechat");
  const url = pageOf(simulator.url, charge.id);
  await browse(url, { act: "pay" });
  expect((await browse(url, { act: "complain" })).text).toContain("24 hours");
  const listed = await method.disputes?.list(new Date(Date.now() - 60_000).toISOString());
  expect(listed).toMatchObject({ ids: [expect.any(String)] });
});
