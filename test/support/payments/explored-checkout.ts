import { sweepProduct } from "../../../shared/inventory/sweep.ts";
import { idOf } from "../../../shared/kernel/ids.ts";
import { advance } from "../../../shared/orders/advance.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { openCheckout } from "../../../shared/orders/checkout.ts";
import { expireUnpaid } from "../../../shared/orders/expire-unpaid.ts";
import { followPayment } from "../../../shared/orders/follow-payment.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { beginPayment, payOrder } from "../../../shared/orders/pay.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import { settleChannel } from "../../../shared/orders/settle-orders.ts";
import { isFinal } from "../../../shared/orders/states.ts";
import { orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import { orderPaymentId } from "../../../shared/payments/model.ts";
import type { Everything } from "../engine/on-second-engine.ts";
import { violations } from "../orders/invariants.ts";
import { codeProduct, giveMoney, putOnSale } from "../orders/market.ts";
import type { Random } from "../random.ts";
import type { ExploredProvider } from "./explored-provider.ts";
import { wrongPayments } from "./paid-audit.ts";

export type CheckoutDeps = Everything["deps"] & { paymentSecretsPrefix: string; environmentName: string };
type Act = { name: string; path: (deps: CheckoutDeps) => Promise<unknown> };

const KEYS = 4;
const STOCK = 5;
const ATTEMPTS = 3;

/** One shop whose buyers pay at a provider: what they, its channel and machines do, and what must be true when all is quiet. */
export class ExploredCheckout {
  readonly channelId: string;
  private readonly provider: ExploredProvider;
  private readonly random: Random;
  private productId = "";

  constructor(seed: number, random: Random, provider: ExploredProvider) {
    this.channelId = idOf("chan", `paying ${seed}`);
    this.random = random;
    this.provider = provider;
  }

  async open(deps: CheckoutDeps, codes: readonly string[]): Promise<void> {
    // In some shops the channel earns something by each sale.
    this.productId = await codeProduct(deps, 100, this.random.pick([undefined, 100, 137]));
    await putOnSale(deps, this.productId, codes.slice(0, STOCK));
    await giveMoney(deps, this.channelId, 10_000);
  }

  private idOf(key: number): string {
    return orderIdFor(this.channelId, `key ${key}`);
  }

  act(): Act {
    const { random, channelId, provider } = this;
    const key = random.below(KEYS);
    const id = this.idOf(key);
    const attempt = random.pick([1, 1, 1, 1, 2, 2, ATTEMPTS]);
    const paymentId = (epoch: number): string => orderPaymentId(id, epoch, attempt);
    const epochs = [1, 2].map(paymentId);
    const by = { method: "checkout", provider: "simulated", flow: random.pick(["page", "qr"] as const) } as const;
    const more = random.below(6) === 0 ? random.pick([-1, 1]) : 0;
    const acts: readonly [number, string, Act["path"]][] = [
      [6, `place ${key}`, (deps) => this.place(deps, key)],
      [3, `begin another ${key}`, (deps) => this.begin(deps, id, by)],
      [10, `buyer pays ${key}/${attempt} ${more}`, async () => epochs.forEach((one) => provider.pay(one, more))],
      [8, `news of ${key}/${attempt}`, (deps) => this.follow(deps, epochs, "news")],
      [3, `look at ${key}/${attempt}`, (deps) => this.follow(deps, epochs, "changed")],
      [2, `cancel ${key}`, (deps) => cancelOrder(deps, channelId, id)],
      [1, `channel pays ${key}`, (deps) => payOrder(deps, channelId, id)],
      [2, `expire`, (deps) => this.expire(deps)],
      [1, `sweep`, (deps) => sweepProduct(deps, this.productId, deps.clock())],
    ];
    let at = random.below(acts.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, name, path] of acts) {
      at -= weight;
      if (at < 0) return { name, path };
    }
    throw new Error("nobody does nothing");
  }

  private async place(deps: CheckoutDeps, key: number): Promise<unknown> {
    // One key buys a lot, so that stock runs out.
    const lines = [{ productId: this.productId, quantity: key === 0 ? 3 : 1 }];
    const payment = { method: "checkout", provider: "simulated", flow: "page" } as const;
    const placed = await placeOrder(deps, this.channelId, `key ${key}`, { lines, payment }, {});
    return placed.ok ? openCheckout(deps, placed.value) : placed;
  }

  /** The schedule of unpaid orders, and somebody who looks at each of them. */
  private async expire(deps: CheckoutDeps): Promise<void> {
    await expireUnpaid(deps);
    for (const order of await this.orders(deps)) if (order.state === "awaiting_payment") await advance(deps, order);
  }

  private async begin(deps: CheckoutDeps, id: string, by: Parameters<typeof beginPayment>[3]): Promise<unknown> {
    const begun = await beginPayment(deps, this.channelId, id, by);
    return begun.ok ? openCheckout(deps, begun.value) : begun;
  }

  private async follow(deps: CheckoutDeps, ids: readonly string[], why: "news" | "changed" | "due"): Promise<unknown> {
    for (const id of ids) await followPayment(deps, id, why);
    return undefined;
  }

  async orders(deps: CheckoutDeps): Promise<Order[]> {
    const found = await Promise.all(Array.from({ length: KEYS }, (_, key) => readOrder(deps, this.idOf(key))));
    return found.filter((order) => order !== undefined);
  }

  /** One round of what machines do when nobody buys any more. True: nothing is due for any order. */
  async finish(deps: CheckoutDeps): Promise<boolean> {
    await expireUnpaid(deps);
    for (const { id, epoch, payments = 0 } of await this.orders(deps)) {
      for (let of = 1; of <= epoch; of++)
        for (let attempt = 1; attempt <= Math.max(payments, ATTEMPTS); attempt++)
          await followPayment(deps, orderPaymentId(id, of, attempt), "changed");
      const order = await readOrder(deps, id);
      if (order !== undefined) await advance(deps, order);
    }
    await sweepProduct(deps, this.productId, deps.clock());
    await settleChannel(deps, this.channelId, new Date(Date.now() + 1));
    return (await this.orders(deps)).every(({ state, dropped }) => isFinal(state) && dropped === undefined);
  }

  /** Everything that is wrong now that all is quiet. */
  async audit(deps: CheckoutDeps): Promise<string[]> {
    const orders = await this.orders(deps);
    const scope = { products: [this.productId], channels: [this.channelId], orders: orders.map(({ id }) => id) };
    return [
      ...this.provider.wrong,
      ...(await violations(deps, scope)),
      ...(await wrongPayments(deps, this.provider, orders)),
    ];
  }
}
