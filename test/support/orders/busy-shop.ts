import { importCodes } from "../../../shared/inventory/import.ts";
import { sweepProduct } from "../../../shared/inventory/sweep.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import type { Result } from "../../../shared/kernel/problem.ts";
import { setLanes } from "../../../shared/ledger/accounts.ts";
import { deposit } from "../../../shared/ledger/deposits.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { advance } from "../../../shared/orders/advance.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { revealGoods } from "../../../shared/orders/goods.ts";
import type { Order } from "../../../shared/orders/model.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { settleChannel, settleOrders } from "../../../shared/orders/settle-orders.ts";
import { orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import type { Domain } from "../engine/domain.ts";
import type { Random } from "../random.ts";
import { violations } from "./invariants.ts";
import { buy, codeProduct, secretsOf } from "./market.ts";
import { makeCodes } from "./shop.ts";

const ORDERS = 9;
const PRICE = 100;
const DEPOSITS = [700, 500, 300];
const STOCKS = [7, 9];
const LANES = 4;
/** Later than any clock here shows. */
const ALWAYS = new Date(Date.UTC(9999, 0));

/** One shop, and everything that people, machines and the clock do to it at once. */
export class BusyShop {
  readonly channelId: string;
  /** What went wrong in a way that no network explains. */
  readonly wrong: string[] = [];
  private readonly files: { productId: string; text: string }[] = [];
  /** Which orders' buyers saw a code. */
  private readonly seen = new Map<string, Set<string>>();
  /** Orders as somebody read them at some time: a stream brings old news. */
  private readonly news: Order[] = [];
  private holds = 0;

  constructor(name: string) {
    this.channelId = `chan_${name}`;
  }

  /** Time passes by whole hold times, each time the sweeper comes. */
  readonly clock = (): Date => new Date(Date.now() + this.holds * (LIMITS.holdSeconds + 1) * 1000);

  /** Two products of two files each: one is there when the shop opens, the other comes when somebody brings it. */
  async open(deps: Domain): Promise<void> {
    for (const stock of STOCKS) {
      const productId = await codeProduct(deps, PRICE);
      for (const codes of [makeCodes(stock - 3), makeCodes(3)])
        this.files.push({ productId, text: ["secret", ...codes, ""].join("\n") });
    }
    for (const number of [0, 2]) await this.bringIn(deps, number);
    await this.payIn(deps, 0);
  }

  /** Something that somebody does next. */
  act(deps: Domain, random: Random): Promise<void> {
    const number = random.below(ORDERS);
    const acts: [number, () => Promise<void>][] = [
      [8, () => this.order(deps, number, random.next() < 0.3 ? "reveal" : "keep sealed")],
      [3, () => this.cancel(deps, number)],
      [2, () => this.look(deps, number)],
      [3, () => this.sweep(deps)],
      [2, () => this.settle(deps, this.news[random.below(this.news.length)])],
      [1, () => this.widen(deps, 1 + random.below(LANES))],
      [1, () => this.payIn(deps, random.below(DEPOSITS.length))],
      [1, () => this.bringIn(deps, random.below(this.files.length))],
    ];
    let at = random.below(acts.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, act] of acts) {
      at -= weight;
      if (at < 0) return act();
    }
    return Promise.resolve();
  }

  /** What was begun is finished by whoever comes by: the shop's retry, the watch, the sweeper, the schedule. */
  async finish(deps: Domain): Promise<void> {
    for (const number of DEPOSITS.keys()) await this.payIn(deps, number);
    for (const number of this.files.keys()) await this.bringIn(deps, number);
    for (const order of await this.orders(deps)) await advance(deps, order);
    for (let round = 0; round < 5; round++) await this.sweep(deps);
    await this.settle(deps, undefined);
  }

  /** Everything that is wrong now that all is quiet. */
  async audit(deps: Domain): Promise<string[]> {
    const { products, channelId, orderIds } = this;
    const wrong = [...this.wrong, ...(await violations(deps, { products, channels: [channelId], orders: orderIds }))];
    const fulfilled = (await this.orders(deps)).filter(({ state }) => state === "fulfilled");
    const spent = fulfilled.reduce((sum, { total }) => sum + total.amount, 0);
    const left = (await readAccount(deps, channelId, "CNY"))?.spendable ?? 0;
    const paidIn = DEPOSITS.reduce((sum, amount) => sum + amount, 0);
    if (left + spent !== paidIn) wrong.push(`${paidIn} came in, ${spent} were spent, ${left} are left`);
    for (const [secret, owners] of this.seen) {
      const [owner = ""] = owners;
      if (owners.size > 1) wrong.push(`${secret} was seen by ${[...owners].join(" and ")}`);
      if (!fulfilled.some(({ id }) => id === owner)) wrong.push(`${secret} was seen, and ${owner} was undone`);
    }
    return wrong;
  }

  private get products(): string[] {
    return [...new Set(this.files.map(({ productId }) => productId))];
  }

  private get orderIds(): string[] {
    return Array.from({ length: ORDERS }, (_, number) => this.idOf(number));
  }

  private async orders(deps: Domain): Promise<Order[]> {
    const found = await Promise.all(this.orderIds.map((id) => readOrder(deps, id)));
    return found.filter((order) => order !== undefined);
  }

  private idOf(number: number): string {
    return orderIdFor(this.channelId, `order ${number}`);
  }

  /** The same key always asks for the same. */
  private linesOf(number: number): NewOrder["lines"] {
    const [first = "", second = ""] = this.products;
    if (number % 3 === 0) return [{ productId: first, quantity: 1 }];
    if (number % 3 === 1) return [{ productId: second, quantity: 3 }];
    return [first, second, first].map((productId) => ({ productId, quantity: 1 }));
  }

  private async order(deps: Domain, number: number, goods: "reveal" | "keep sealed"): Promise<void> {
    const bought = await buy(deps, this.channelId, `order ${number}`, this.linesOf(number), goods);
    if (this.refused(bought, "sold_out", "insufficient_funds", "busy", "not_found") || !bought.ok) return;
    this.news.push(bought.value.order);
    this.saw(bought.value.order.id, secretsOf(bought.value.goods));
  }

  private async look(deps: Domain, number: number): Promise<void> {
    const order = await readOrder(deps, this.idOf(number));
    if (order === undefined) return;
    this.news.push(order);
    const requestId = `req_${Math.random()}`;
    const goods = await revealGoods(deps, order, { keyId: "key", sourceIp: "192.0.2.1", requestId });
    if (!this.refused(goods, "not_found") && goods.ok) this.saw(order.id, secretsOf(goods.value));
  }

  private async cancel(deps: Domain, number: number): Promise<void> {
    const cancelled = await cancelOrder(deps, this.channelId, this.idOf(number));
    if (!this.refused(cancelled, "not_found", "not_cancellable") && cancelled.ok) this.news.push(cancelled.value);
  }

  private async sweep(deps: Domain): Promise<void> {
    this.holds += 1;
    for (const productId of this.products) await sweepProduct(deps, productId, this.clock());
  }

  /** As a late stream does it, and as the schedule does. */
  private async settle(deps: Domain, old: Order | undefined): Promise<void> {
    if (old !== undefined) await settleOrders(deps, [old]);
    await settleChannel(deps, this.channelId, ALWAYS);
  }

  /** Its account gets more lanes, and so the money of one order may lie in several of them. */
  private async widen(deps: Domain, lanes: number): Promise<void> {
    this.refused(await setLanes(deps, { channelId: this.channelId, currency: "CNY" }, lanes), "invalid_request");
  }

  private async payIn(deps: Domain, number: number): Promise<void> {
    const money = { amount: DEPOSITS[number] ?? 0, currency: "CNY" };
    this.refused(await deposit(deps, this.channelId, money, `paid ${number}`, deps.clock()));
  }

  private async bringIn(deps: Domain, number: number): Promise<void> {
    const { productId, text } = this.files[number] ?? { productId: "", text: "" };
    const report = await importCodes(deps, productId, text, { dryRun: false });
    if (report.ok && report.value.refused.length > 0) this.wrong.push(JSON.stringify(report.value.refused));
    this.refused(report);
  }

  private refused(result: Result<unknown>, ...expected: string[]): boolean {
    if (!result.ok && !expected.includes(result.code)) this.wrong.push(`${result.code}: ${result.detail}`);
    return !result.ok;
  }

  private saw(orderId: string, secrets: readonly string[]): void {
    for (const secret of secrets) this.seen.set(secret, (this.seen.get(secret) ?? new Set()).add(orderId));
  }
}
