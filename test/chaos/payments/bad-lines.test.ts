import { afterAll, describe, expect, test } from "vitest";
import { decideAnswer } from "../../../shared/disputes/answers.ts";
import { followDispute } from "../../../shared/disputes/follow.ts";
import { disputeIdFor } from "../../../shared/disputes/model.ts";
import { processMessage } from "../../../shared/disputes/process-message.ts";
import { readDispute } from "../../../shared/disputes/table.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { expireUnpaid } from "../../../shared/orders/expire-unpaid.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { PaymentNotKnown } from "../../../shared/orders/payment-not-known.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { beginDeposit } from "../../../shared/payments/deposits.ts";
import type { Payment } from "../../../shared/payments/model.ts";
import { ownGround } from "../../support/engine/own-ground.ts";
import { type BadLine, LINE_FAULTS, type LineFault, startBadLine } from "../../support/faults/bad-line.ts";
import { accountSums } from "../../support/ledger/account-sums.ts";
import { wrongBooks } from "../../support/orders/books.ts";
import type { Market } from "../../support/orders/market.ts";
import { settleMoney } from "../../support/orders/market.ts";
import { onlineMarket, waitingFor, withAllProviders } from "../../support/payments/any-provider.ts";
import type { Cashier } from "../../support/payments/cashiers/cashier.ts";
import { checkOut } from "../../support/payments/checkout-shop.ts";
import { wrongPayments } from "../../support/payments/paid-audit.ts";
import { isFullProof } from "../../support/size.ts";
import { valueOf } from "../../support/value-of.ts";

// The line to each provider breaks at each call that matters, in each way: what nobody knows is asked, and never begun anew under another name.
// What was paid is delivered or goes back, once.

const { alive } = await ownGround();
const lines = new Map<string, BadLine>();
const shop = await withAllProviders(alive, async (url) => {
  const line = await startBadLine(url);
  lines.set(url, line);
  afterAll(() => line.stop());
  return line.url;
});
const { cashiers } = shop;
/** How much later it is than the machine says. */
let later = 0;
const deps = { ...shop.deps, clock: () => new Date(Date.now() + later) };
/** Whose books there are, and the orders that have ended. */
const channels: string[] = [];
const ended: string[] = [];
const PRICE = 1500;
const A_LOOK_MS = 700_000;

type Scene = { cashier: Cashier; line: BadLine; fault: LineFault; at: number };

/** The next call but so many goes wrong. */
const breaks = ({ line, fault, at }: Scene): void =>
  line.next(...Array.from({ length: at }, () => "fine" as const), fault);
const told = async (work: () => Promise<unknown>): Promise<void> => {
  await work().catch((error: unknown) => {
    if (!(error instanceof PaymentNotKnown)) throw error;
  });
};
const look = (paymentId: string, isChanged = true) =>
  processMessage(deps, { paymentId, ...(isChanged ? { isChanged: true as const } : {}) });

/** All goes well again, and what is due is looked at, each time a little later. */
async function recover({ line }: Scene, paymentId: string): Promise<void> {
  line.mend();
  for (let again = 0; again < 3; again++) {
    await look(paymentId);
    later += A_LOOK_MS;
  }
}

async function waiting({ cashier }: Scene): Promise<{ market: Market; order: Order; payment: Payment }> {
  later = 0;
  const waits = await waitingFor({ deps }, cashier.ways[0], 1, PRICE);
  cashier.open(waits.payment);
  channels.push(waits.market.channelId);
  return waits;
}

async function sold(scene: Scene) {
  const waits = await waiting(scene);
  expect(scene.cashier.pay(waits.payment)).toBe(true);
  await look(waits.payment.id);
  return waits;
}

/** What is true in the end: the order is in this state, the provider keeps so much, and all books agree. */
async function expectEnd(scene: Scene, { order, payment }: Awaited<ReturnType<typeof waiting>>, state: Order["state"]) {
  const { cashier } = scene;
  await settleMoney(deps, order.id);
  const after = await readOrder(deps, order.id);
  expect([after?.state, after?.payments, cashier.holdsOf(payment.id)]).toEqual([
    state,
    1,
    state === "fulfilled" ? PRICE : 0,
  ]);
  ended.push(order.id);
}

/** What goes wrong at one point of a payment's life. `calls`: how many calls a provider may be asked there. */
type Point = { calls: number; of?: readonly Cashier["provider"][]; play: (scene: Scene) => Promise<void> };

const POINTS: Record<string, Point> = {
  start: {
    calls: 2,
    async play(scene) {
      later = 0;
      breaks(scene);
      const waits = await waitingFor({ deps }, scene.cashier.ways[0], 1, PRICE);
      channels.push(waits.market.channelId);
      scene.line.mend();
      expect((await readOrder(deps, waits.order.id))?.state).toBe("awaiting_payment");
      // The storefront repeats its request: it is the same payment, and now it says where to pay.
      const again = await checkOut({ deps }, waits.market, "order", { payment: scene.cashier.ways[0] });
      expect([again.payment.id, again.payment.state]).toEqual([waits.payment.id, "pending"]);
      expect(again.payment.checkout).toBeDefined();
      expect(scene.cashier.pay(again.payment)).toBe(true);
      await recover(scene, again.payment.id);
      await expectEnd(scene, waits, "fulfilled");
    },
  },
  "news that it was paid": {
    calls: 1,
    async play(scene) {
      const waits = await waiting(scene);
      expect(scene.cashier.pay(waits.payment)).toBe(true);
      breaks(scene);
      await told(() => look(waits.payment.id));
      await recover(scene, waits.payment.id);
      await expectEnd(scene, waits, "fulfilled");
    },
  },
  "closing what nobody paid": {
    calls: 2,
    async play(scene) {
      const waits = await waiting(scene);
      later = 1_000_000;
      breaks(scene);
      await told(() => look(waits.payment.id, false));
      await expireUnpaid(deps);
      await recover(scene, waits.payment.id);
      await expireUnpaid(deps);
      expect(scene.cashier.pay(waits.payment)).toBe(false);
      await expectEnd(scene, waits, "expired");
    },
  },
  "a late payment": {
    calls: 1,
    async play(scene) {
      const waits = await waiting(scene);
      later = 2_000_000;
      await look(waits.payment.id, false);
      await expireUnpaid(deps);
      expect(scene.cashier.payAllTheSame(waits.payment)).toBe(true);
      breaks(scene);
      await told(() => look(waits.payment.id));
      await recover(scene, waits.payment.id);
      await expectEnd(scene, waits, "fulfilled");
    },
  },
  refund: {
    calls: 3,
    async play(scene) {
      const waits = await sold(scene);
      valueOf(await cancelOrder(deps, waits.market.channelId, waits.order.id));
      breaks(scene);
      await told(() => look(waits.payment.id));
      await recover(scene, waits.payment.id);
      expect(scene.cashier.refundsOf(waits.payment.id).map(({ amount }) => amount)).toEqual([PRICE]);
      await expectEnd(scene, waits, "cancelled");
    },
  },
  "what became of a refund": {
    calls: 2,
    async play(scene) {
      const waits = await sold(scene);
      valueOf(await cancelOrder(deps, waits.market.channelId, waits.order.id));
      breaks({ ...scene, fault: "lost", at: scene.cashier.provider === "stripe" ? 2 : 0 });
      await told(() => look(waits.payment.id));
      breaks(scene);
      await told(() => look(waits.payment.id));
      await recover(scene, waits.payment.id);
      expect(scene.cashier.refundsOf(waits.payment.id).map(({ amount }) => amount)).toEqual([PRICE]);
      await expectEnd(scene, waits, "cancelled");
    },
  },
  "a dispute and its evidence": {
    calls: 2,
    of: ["stripe"],
    async play(scene) {
      const { simulator } = cashiers.stripe;
      const { order, payment } = await sold(scene);
      const { id: disputeId } = simulator.dispute(payment.id);
      const name = { provider: "stripe", disputeId };
      const hear = () => told(() => followDispute(deps, name, true));
      breaks(scene);
      await hear();
      scene.line.mend();
      await hear();
      valueOf(await decideAnswer(deps, disputeIdFor("stripe", disputeId), "evidence", "person"));
      breaks(scene);
      await hear();
      scene.line.mend();
      for (let again = 0; again < 3; again++) {
        later += A_LOOK_MS;
        await hear();
      }
      expect(simulator.session(payment.id).disputes).toMatchObject([{ submissions: 1 }]);
      simulator.decideDispute(payment.id, "won");
      await hear();
      const dispute = await readDispute(deps, disputeIdFor("stripe", disputeId));
      expect(dispute).toMatchObject({ state: "won", funds: { taken: PRICE, givenBack: PRICE } });
      await settleMoney(deps, order.id);
    },
  },
  "a deposit": {
    calls: 1,
    async play(scene) {
      later = 0;
      const { cashier, line } = scene;
      const { channelId } = await onlineMarket(deps, { stock: 0, money: 0 });
      channels.push(channelId);
      const { method: _checkout, ...payment } = cashier.ways[0];
      const begin = () =>
        beginDeposit(deps, channelId, "deposit", { amount: { amount: PRICE, currency: "CNY" }, payment });
      breaks(scene);
      const first = valueOf(await begin());
      line.mend();
      const again = valueOf(await begin());
      expect(again.id).toBe(first.id);
      cashier.open(again);
      expect(cashier.pay(again)).toBe(true);
      breaks(scene);
      await told(() => look(again.id));
      await recover(scene, again.id);
      expect((await readAccount(deps, channelId, "CNY"))?.spendable).toBe(PRICE);
      expect(cashier.holdsOf(again.id)).toBe(PRICE);
    },
  },
};

/** Every day each call of each point goes wrong in one way, and in another one at each provider; in the full proof in all of them. */
const faultsFor = (number: number): readonly LineFault[] =>
  isFullProof ? LINE_FAULTS : [EVERY_DAY[number % EVERY_DAY.length] ?? "lost"];
/** Silence takes real time. */
const EVERY_DAY = LINE_FAULTS.filter((fault) => fault !== "silence");

describe.each([cashiers.stripe, cashiers.alipay, cashiers.wechat])("the line to $provider breaks at", (cashier) => {
  const line = lines.get(cashier.url);
  const points = Object.entries(POINTS).filter(([, { of }]) => of === undefined || of.includes(cashier.provider));
  let number = cashiers.all.indexOf(cashier);

  test.each(points)(
    "%s: it is asked again under the same name, and ends right, once",
    async (_name, { calls, play }) => {
      if (line === undefined) throw new Error("there is no line");
      for (let at = 0; at < calls; at++)
        for (const fault of faultsFor(number++)) {
          const before = line.happened().length;
          await play({ cashier, line, fault, at }).catch((error: unknown) => {
            if (error instanceof Error) error.message = `${fault} at call ${at}: ${error.message}`;
            throw error;
          });
          // The first call of each point is really made.
          expect(at > 0 || line.happened().length > before).toBe(true);
        }
    },
  );
});

test("in the end the books are the providers': nothing is nobody's, and every payment is for goods or is back", async () => {
  const sums = await accountSums(deps, channels);
  const open = Object.entries(sums).filter(([account]) => /^(suspense|disputed):/.test(account));
  expect(open).toEqual([]);
  const orders = (await Promise.all(ended.map((id) => readOrder(deps, id)))).filter((order) => order !== undefined);
  const books = {
    paidOf: (id: string) => cashiers.all.reduce((sum, one) => sum + one.paidOf(id), 0),
    holdsOf: (id: string) => cashiers.all.reduce((sum, one) => sum + one.holdsOf(id), 0),
  };
  expect(await wrongPayments(deps, books, orders)).toEqual([]);
  expect(await wrongBooks(deps, channels.at(-1) ?? "", "CNY")).toEqual([]);
});
