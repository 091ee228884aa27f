import { expect, test } from "vitest";
import { decideAnswer } from "../../../shared/disputes/answers.ts";
import { disputeIdFor } from "../../../shared/disputes/model.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import type { Domain } from "../../support/engine/domain.ts";
import { ownGround } from "../../support/engine/own-ground.ts";
import { wrongBooks } from "../../support/orders/books.ts";
import { PROVIDER } from "../../support/payments/checkout-shop.ts";
import { wrongDispute } from "../../support/payments/dispute-books.ts";
import { hear, paidOrder, settleDown, withDisputes } from "../../support/payments/dispute-shop.ts";
import { valueOf } from "../../support/value-of.ts";

// Whatever call dies of a look at a dispute, the next look makes the books what the provider's are, and evidence goes once.

const { alive, crashEverywhere } = await ownGround();
const shop = await withDisputes(alive);
const { simulator, deps } = shop;
const on = (domain: Domain) => ({ ...deps, ...domain });

/** What the queue and the schedule do when nobody disturbs them, and what must be true then. */
async function expectAllInOrder(name: string, paymentId: string, channelId: string): Promise<void> {
  await settleDown(deps, paymentId);
  expect(await wrongDispute(deps, simulator, name, paymentId)).toEqual([]);
  expect(await wrongBooks(deps, channelId, "CNY")).toEqual([]);
}

test("a dispute that is met, answered and lost: each look may die anywhere", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const { market, paymentId } = await paidOrder(shop, { price: 100, retail: 130 });
    const name = simulator.dispute(paymentId);
    await doomed.run(async (domain) => {
      await hear(on(domain), name);
      valueOf(await decideAnswer(on(domain), disputeIdFor(PROVIDER, name), "evidence", "arn:person"));
      await hear(on(domain), name);
      simulator.disputes.decide(name, "lost");
      await hear(on(domain), name);
    });
    simulator.disputes.decide(name, "lost");
    await expectAllInOrder(name, paymentId, market.channelId);
    expect(simulator.disputes.evidenceFor(name).length).toBeLessThanOrEqual(1);
  });
  expect(calls).toBeGreaterThanOrEqual(15);
});

test("a lost payment whose goods go back, and a refund that waited: the payer is paid once", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const { market, order, paymentId } = await paidOrder(shop, { price: 100, retail: 130, isSeen: false });
    const name = simulator.dispute(paymentId);
    await hear(deps, name);
    simulator.disputes.decide(name, "lost");
    await doomed.run(async (domain) => {
      await hear(on(domain), name);
    });
    await cancelOrder(deps, market.channelId, order.id);
    await expectAllInOrder(name, paymentId, market.channelId);
    expect(simulator.refunds(paymentId)).toEqual([]);
  });
  expect(calls).toBeGreaterThanOrEqual(10);
});
