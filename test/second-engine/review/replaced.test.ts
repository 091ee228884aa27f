import { afterAll, beforeAll, expect, test } from "vitest";
import { askSupplier } from "../../../shared/fulfilment/ask-supplier.ts";
import { placeLine } from "../../../shared/fulfilment/place-line.ts";
import { giveBack } from "../../../shared/inventory/give-back.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { advance } from "../../../shared/orders/advance.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { choicesFor } from "../../../shared/review/choices.ts";
import { decide } from "../../../shared/review/decide.ts";
import { ReviewSettings } from "../../../shared/review/table.ts";
import { refundUndecided } from "../../../shared/review/undecided.ts";
import type { Everything } from "../../support/engine/on-second-engine.ts";
import { before, fallAsleep } from "../../support/faults/meanwhile.ts";
import { violations } from "../../support/orders/invariants.ts";
import { settleMoney, stockedProduct } from "../../support/orders/market.ts";
import { type Behaviour, orderMixed } from "../../support/orders/mixed-order.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { type SupplierSimulator, startSupplierSimulator } from "../../support/suppliers/supplier-simulator.ts";

// Lines that an operator replaced from stock, after their supplier said no, or said nothing.

const { deps } = await sceneGround();

let simulator: SupplierSimulator;
beforeAll(async () => {
  simulator = await startSupplierSimulator();
});
afterAll(() => simulator.stop());

const by = { operator: "arn:operator", requestId: "req_1" };
const later = (seconds: number) => ({ ...deps, clock: () => new Date(Date.now() + seconds * 1000) });

/** An order of a code and a top-up, whose line was replaced by a code; or the one that does so falls asleep before the sale. */
async function replaced(behaviour: Behaviour, asleep = false) {
  const mixed = await orderMixed(deps, simulator, behaviour);
  const { orderId } = mixed;
  await placeLine(deps, orderId);
  await askSupplier(later(2 * LIMITS.answerWithinSeconds), orderId);
  const productId = await stockedProduct(deps, 1);
  const replacement = { action: "replace", reason: "r", lineId: "2", with: { from: "stock", productId } } as const;
  const decides = (on: Everything["deps"]) => decide(on, orderId, { ...replacement, evenIfUnresolved: true }, by);
  await (asleep ? fallAsleep(deps, before.theSale, decides) : decides(deps));
  const order = async () => {
    const found = await readOrder(deps, orderId);
    if (found === undefined) throw new Error(`no order ${orderId}`);
    return found;
  };
  async function expectInOrder(spendable: number): Promise<void> {
    await settleMoney(deps, orderId);
    expect((await readAccount(deps, mixed.channelId, "CNY"))?.spendable).toBe(spendable);
    const products = [productId, (await order()).lines[0]?.productId ?? ""];
    const scope = { products, channels: [mixed.channelId], orders: [orderId], stock: "unswept" } as const;
    expect(await violations(deps, scope)).toEqual([]);
  }
  return { ...mixed, order, expectInOrder };
}

test("an order is not cancelled while a supplier that was given up may still deliver for it", async () => {
  const { deps, orderId, channelId, order, expectInOrder } = await replaced("neverDone");
  expect(await cancelOrder(deps, channelId, orderId)).toMatchObject({ code: "not_cancellable" });
  expect(await order()).toMatchObject({ state: "fulfilled", refunded: 0 });
  await expectInOrder(850);
});

test("an order is cancelled as a whole when its supplier has said no before", async () => {
  const { deps, orderId, channelId, expectInOrder } = await replaced("refused");
  expect(await cancelOrder(deps, channelId, orderId)).toMatchObject({ ok: true });
  await expectInOrder(1000);
});

test("what may still be delivered is not given back by rule, nor by an operator who does not say so", async () => {
  const { deps, orderId, order, expectInOrder } = await replaced("neverDone", true);
  // The sweeper has taken its code: the line is before a person again.
  const [ticket = ""] = (await order()).lines.at(-1)?.tickets ?? [];
  await giveBack(deps, ticket, "anyone");
  await advance(deps, await order());
  const waiting = await order();
  expect(waiting).toMatchObject({ state: "review", review: { reason: "sold_out" } });
  const refund = { action: "refund", reason: "r", evenIfUnresolved: false } as const;
  expect(choicesFor(waiting, ReviewSettings.parse({})).find(({ action }) => action === "refund")).toMatchObject({
    allowed: false,
  });
  expect(await decide(deps, orderId, refund, by)).toMatchObject({ code: "line_unresolved" });
  const muchLater = { ...deps, clock: () => new Date(Date.now() + 2 * LIMITS.decisionSeconds * 1000) };
  expect(await refundUndecided(muchLater, await order())).toBe("escalated");
  expect(await decide(deps, orderId, { ...refund, evenIfUnresolved: true }, by)).toMatchObject({
    ok: true,
    value: { order: { state: "partly_fulfilled", refunded: 50 } },
  });
  await expectInOrder(900);
});
