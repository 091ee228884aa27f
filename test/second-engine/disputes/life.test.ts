import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decideAnswer } from "../../../shared/disputes/answers.ts";
import { disputeIdFor } from "../../../shared/disputes/model.ts";
import { processMessage } from "../../../shared/disputes/process-message.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { wrongBooks } from "../../support/orders/books.ts";
import { settleMoney } from "../../support/orders/market.ts";
import { PROVIDER } from "../../support/payments/checkout-shop.ts";
import { wrongDispute } from "../../support/payments/dispute-books.ts";
import { hear, paidOrder, settleDown, withDisputes } from "../../support/payments/dispute-shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { isFullProof } from "../../support/size.ts";

// A dispute's life at random: banks decide and decide again, money comes and goes, news is lost, late and twice, people answer and cancel.

const { deps: ground } = await sceneGround();
const shop = await withDisputes(ground);
const { deps, simulator } = shop;
const { disputes } = simulator;

const ACTS = [
  "news",
  "news twice",
  "withdraw",
  "won",
  "won, money later",
  "lost",
  "reinstate",
  "fee back",
  "send",
  "accept",
  "cancel",
  "look",
] as const;

test("whatever happens to a dispute in whatever order, the books say in the end what the provider's say, and nobody is paid twice", async () => {
  const life = fc.record({
    acts: fc.array(fc.constantFrom(...ACTS), { minLength: 3, maxLength: 9 }),
    state: fc.constantFrom("inquiry" as const, "opened" as const),
    isSeen: fc.boolean(),
    retail: fc.constantFrom(100, 133),
    amount: fc.constantFrom(undefined, 37),
  });
  await fc.assert(
    fc.asyncProperty(life, async ({ acts, state, isSeen, retail, amount }) => {
      const { market, order, paymentId } = await paidOrder(shop, { price: 100, retail, isSeen });
      const name = simulator.dispute(paymentId, { state, ...(amount === undefined ? {} : { amount }) });
      const id = disputeIdFor(PROVIDER, name);
      const isTaken = (): boolean => !["inquiry", "inquiry_answered"].includes(disputes.stateOf(name));
      const happen: Record<(typeof ACTS)[number], () => unknown> = {
        news: () => hear(deps, name),
        "news twice": () => Promise.all([hear(deps, name), hear(deps, name)]),
        withdraw: () => !isTaken() && disputes.withdraw(name),
        won: () => isTaken() && disputes.decide(name, "won"),
        "won, money later": () =>
          isTaken() && disputes.heldOf(paymentId) > 0 && disputes.decide(name, "won", { isMoneyLate: true }),
        lost: () => isTaken() && disputes.decide(name, "lost"),
        reinstate: () => isTaken() && disputes.reinstate(name),
        "fee back": () => isTaken() && disputes.decide(name, "won", { isFeeBack: true }),
        send: () => decideAnswer(deps, id, "evidence", "arn:person"),
        accept: () => decideAnswer(deps, id, "accept", "arn:person"),
        cancel: () => cancelOrder(deps, market.channelId, order.id),
        look: () => processMessage(deps, { paymentId, isChanged: true }),
      };
      for (const act of acts) await happen[act]();
      await hear(deps, name);
      await settleDown(deps, paymentId);
      await settleDown(deps, paymentId);
      await settleMoney(deps, order.id);
      expect(await wrongDispute(deps, simulator, name, paymentId)).toEqual([]);
      expect(await wrongBooks(deps, market.channelId, "CNY")).toEqual([]);
    }),
    { numRuns: isFullProof ? 300 : 12 },
  );
});
