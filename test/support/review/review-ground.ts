import { askSupplier } from "../../../shared/fulfilment/ask-supplier.ts";
import { placeLine } from "../../../shared/fulfilment/place-line.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { Decision } from "../../../shared/review/decision.ts";
import { type Everything, everythingOn } from "../engine/on-second-engine.ts";
import { proofEngine } from "../engine/proof-engine.ts";
import type { SecondEngine } from "../engine/second-engine.ts";
import { violations } from "../orders/invariants.ts";
import { settleMoney, sweepUntilQuiet } from "../orders/market.ts";
import { type Behaviour, orderMixed } from "../orders/mixed-order.ts";
import { type SupplierSimulator, startSupplierSimulator } from "../suppliers/supplier-simulator.ts";

/** Two people who may decide. */
export const anna = { operator: "arn:aws:iam::1:user/anna", requestId: "req_anna" };
export const ben = { operator: "arn:aws:iam::1:user/ben", requestId: "req_ben" };

export const refund = Decision.parse({ action: "refund", reason: "enough" });
export const retry = Decision.parse({ action: "retry", reason: "again" });
export const fromStock = (productId: string): Decision =>
  Decision.parse({ action: "replace", reason: "r", lineId: "2", with: { from: "stock", productId } });

/** Orders of a code for 100, which was delivered, and a top-up for 50, which was not. */
export class ReviewGround {
  readonly engine: SecondEngine;
  readonly simulator: SupplierSimulator;
  readonly deps: Everything["deps"];
  private later = 0;

  private constructor(engine: SecondEngine, simulator: SupplierSimulator) {
    this.engine = engine;
    this.simulator = simulator;
    this.deps = everythingOn(engine, { clock: this.clock }).deps;
  }

  static async open(): Promise<ReviewGround> {
    return new ReviewGround(await proofEngine(), await startSupplierSimulator());
  }

  async close(): Promise<void> {
    await this.simulator.stop();
    await this.engine.stop();
  }

  readonly clock = (): Date => new Date(Date.now() + this.later * 1000);

  /** Lets a scene happen so many seconds from now. */
  async at(seconds: number, scene: () => Promise<void>): Promise<void> {
    this.later = seconds;
    await scene().finally(() => {
      this.later = 0;
    });
  }

  /** An order whose top-up was placed with a supplier that behaves like this: by default it is before a person then. */
  async inReview(behaviour: Behaviour = "refused") {
    const mixed = await orderMixed(this.deps, this.simulator, behaviour);
    await placeLine(this.deps, mixed.orderId);
    const order = async (): Promise<Order> => (await readOrder(this.deps, mixed.orderId)) as Order;
    return { ...mixed, order };
  }

  /** One that is before a person because its supplier, who has it, does not say what became of it. */
  async undelivered() {
    const seen = await this.inReview("neverDone");
    await this.at(LIMITS.answerWithinSeconds + 1, async () => {
      await askSupplier(this.deps, seen.orderId);
    });
    const { review } = await seen.order();
    if (review?.reason !== "no_answer") throw new Error(`${seen.orderId} is not before a person for want of an answer`);
    return seen;
  }

  /** What is wrong with the order, its money, and all stock that it could have touched, now that all is quiet. */
  async wrongWith(
    { orderId, channelId }: { orderId: string; channelId: string },
    ...products: string[]
  ): Promise<string[]> {
    const order = (await readOrder(this.deps, orderId)) as Order;
    const ofCodes = order.lines.filter(({ kind }) => kind === "code").map(({ productId }) => productId);
    const all = [...new Set([...ofCodes, ...products])];
    await sweepUntilQuiet(this.deps, ...all);
    await settleMoney(this.deps, orderId);
    const scope = { products: all, channels: [channelId], orders: [orderId] };
    return violations(this.deps, scope);
  }
}
