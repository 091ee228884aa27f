import { afterAll, expect, test } from "vitest";
import { dayIn } from "../../../shared/ledger/day.ts";
import type { Flow } from "../../../shared/payments/contract.ts";
import { setProvider } from "../../../shared/payments/set-provider.ts";
import { type Reconciled, reconcile } from "../../../shared/reconciliation/reconcile.ts";
import { fakeBucket } from "../../support/engine/fake-aws.ts";
import { otherEntries } from "../../support/orders/books.ts";
import { openMarket } from "../../support/orders/market.ts";
import { startAlipaySimulator } from "../../support/payments/alipay/simulator.ts";
import { checkOut, follow } from "../../support/payments/checkout-shop.ts";
import { parameters } from "../../support/payments/parameters.ts";
import { waitingAtStripe, withStripeShop } from "../../support/payments/stripe/stripe-shop.ts";
import { startWechatSimulator } from "../../support/payments/wechat/simulator.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// A day of each provider, by the bills that it really makes: what was sold is matched, and the books have what the provider has.

const ground = await sceneGround();
const [alipay, wechat] = await Promise.all([startAlipaySimulator(), startWechatSimulator()]);
afterAll(() => Promise.all([alipay.stop(), wechat.stop()]));
alipay.setSilent(true);
wechat.setSilent(true);
const atStripe = await withStripeShop(ground.deps);
const { s3 } = fakeBucket();
const kept = { s3, statements: "statements" };
const inTwoDays = () => new Date(Date.now() + 2 * 86_400_000);

function looked(done: Reconciled) {
  if (done.kind !== "looked") throw new Error(done.kind);
  return done.is;
}

type Party = typeof alipay | typeof wechat;
async function shopAt(name: "alipay" | "wechat", { url: baseUrl, credentials }: Party) {
  const paymentSecretsPrefix = `/payments/${baseUrl}/`;
  const deps = { ...ground.deps, ...kept, ssm: parameters(), paymentSecretsPrefix, environmentName: "prod" };
  const notificationUrl = `https://shop.example/v1/payments/${name}/notifications`;
  const provider = { name, protocol: name, baseUrl, timeoutMs: 15_000, notificationUrl };
  valueOf(await setProvider(deps, { ...provider, credentials: { ...credentials }, fees: ["0.6%"] }));
  return deps;
}

/** Buyers pay three orders, whose fees are no whole fen. Gives the day on which they paid, if that is one day. */
async function soldAt(name: "alipay" | "wechat", flow: Flow, deps: Awaited<ReturnType<typeof shopAt>>, party: Party) {
  const market = await openMarket(deps, { money: 0, stock: 3, price: 130 });
  const days = new Set<string>();
  for (const key of ["a", "b", "c"]) {
    const { payment } = await checkOut({ deps }, market, key, {
      payment: { method: "checkout", provider: name, flow },
    });
    party.pay(payment.id);
    const { received } = await follow(deps, payment.id);
    days.add(dayIn("Asia/Shanghai", received?.at ?? ""));
  }
  return [...days];
}

const bookedFor = async (name: string) =>
  (await otherEntries(ground.deps))
    .filter((entry) => entry.name.startsWith(`statement:${name}@`))
    .map(({ legs }) => Object.fromEntries(legs.map(({ account, amount }) => [account, amount])));

test.each([
  ["wechat", "native", wechat],
  ["alipay", "qr", alipay],
] as const)("a day at %s is reconciled to the last fen, with what it has paid out", async (name, flow, party) => {
  const deps = await shopAt(name, party);
  const days = await soldAt(name, flow, deps, party);
  party.payOut(100);
  const seen = [];
  // Two days, if it was midnight meanwhile.
  for (const day of new Set([...days, dayIn("Asia/Shanghai", new Date().toISOString())])) {
    seen.push(looked(await reconcile({ ...deps, clock: inTwoDays }, name, day)));
  }
  expect(seen.map(({ state, first }) => [state, first])).toEqual(seen.map(() => ["reconciled", []]));
  expect(seen.reduce((sum, { counts }) => sum + counts.matched, 0)).toBe(4);
  // 0.78 fen each: the exact sum is 2.34, and what was taken is three times one.
  expect(await bookedFor(name)).toEqual([{ "platform:cash": 100, [`provider:${name}`]: -100 }]);
  const last = seen.at(-1);
  expect(last?.account).toEqual(last?.closing);
  expect(last?.closing).toEqual({ CNY: party.balance() });
});

test("a bill of WeChat Pay with a line twice says so, and its sums do too: nothing of it is booked", async () => {
  const deps = await shopAt("wechat", wechat);
  const [day = ""] = await soldAt("wechat", "native", deps, wechat);
  const before = await bookedFor("wechat");
  wechat.payOut(50);
  const twice = (text: string): string =>
    text.includes("商户订单号") ? text.replace(/\r\n(`[^\r]*)\r\n/, "\r\n$1\r\n$1\r\n") : text;
  wechat.setBills({ change: twice });
  const one = looked(await reconcile({ ...deps, clock: inTwoDays }, "wechat", day));
  wechat.setBills({});
  const found = one.first.map(({ is, todo, occurrence }) => `${is} ${todo} ${occurrence ?? "-"}`);
  expect(found).toContain("missing_here check_twin 2");
  expect(found).toContain("unreadable read_by_hand -");
  expect(await bookedFor("wechat")).toEqual(before);
});

test("a day at Stripe is matched by the names in its sources' metadata, and a fee that no contract tells is booked", async () => {
  const { simulator, deps } = atStripe;
  const { payment } = await waitingAtStripe(atStripe, 1);
  simulator.pay(payment.id);
  const { received } = await follow(deps, payment.id);
  const day = received?.at.slice(0, 10) ?? "";
  const one = looked(await reconcile({ ...deps, ...kept, clock: inTwoDays }, "stripe", day));
  expect(one.first).toMatchObject([{ is: "different", todo: "check_rate", in: ["fee"], name: payment.id }]);
  expect(one.fees).toEqual({ CNY: 45 });
  expect(await bookedFor("stripe")).toEqual([{ "fees:stripe": 45, "provider:stripe": -45 }]);
});
