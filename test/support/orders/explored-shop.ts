import type { NewProduct } from "../../../shared/catalog/model.ts";
import { createProduct, createVersion } from "../../../shared/catalog/products.ts";
import { askSupplier } from "../../../shared/fulfilment/ask-supplier.ts";
import { placeLine } from "../../../shared/fulfilment/place-line.ts";
import { planOrder } from "../../../shared/fulfilment/step.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { sweepProduct } from "../../../shared/inventory/sweep.ts";
import { idOf } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import type { Money } from "../../../shared/kernel/money.ts";
import { deposit } from "../../../shared/ledger/deposits.ts";
import { advance } from "../../../shared/orders/advance.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { eraseContact } from "../../../shared/orders/erase-contact.ts";
import { expireUnpaid } from "../../../shared/orders/expire-unpaid.ts";
import { revealGoods } from "../../../shared/orders/goods.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { payOrder } from "../../../shared/orders/pay.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { settleChannel, settleOrders } from "../../../shared/orders/settle-orders.ts";
import { isFinal } from "../../../shared/orders/states.ts";
import { orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import { decide } from "../../../shared/review/decide.ts";
import { createSupplier, NewSupplier } from "../../../shared/suppliers/settings.ts";
import type { Everything } from "../engine/on-second-engine.ts";
import type { Random } from "../random.ts";
import { valueOf } from "../value-of.ts";
import { BUYER, CONTACT, CURRENCIES, faultsOf } from "./explored-audit.ts";
import type { ExploredSupplier } from "./explored-supplier.ts";

type Deps = Everything["deps"];
type Act = { name: string; path: (deps: Deps) => Promise<unknown> };

const KEYS = 3;
const BODIES = 3;
const PAID_IN = 30_000;
const EXPIRES_SECONDS = 3600;
/** What is bought from the supplier changes its price, and its currency. */
const PRICES: readonly [Money, ...Money[]] = [
  { amount: 100, currency: "CNY" },
  { amount: 9_000, currency: "CNY" },
  { amount: 500, currency: "USD" },
];
const STOCK = 12;
/** Few enough to be reached, many enough to sell. */
const limits = { total: { quantity: 9, per: "ever" }, perBuyer: { quantity: 7, per: "ever" } } as const;

/** One shop for one seed: what people, machines and suppliers do to it, and what must be true when all is quiet. */
export class ExploredShop {
  readonly channelId: string;
  readonly supplier: ExploredSupplier;
  private readonly seed: number;
  private readonly random: Random;
  private readonly productIds: string[] = [];
  private readonly bodies: NewOrder[][] = [];
  private sources: NonNullable<NewProduct["sources"]> = [];
  /** Orders as somebody read them at some time: a stream brings old news. */
  private readonly news: Order[] = [];
  private readonly seen = new Map<string, string>();
  private readonly wrong: string[] = [];
  /** Orders of which an operator gave up what a supplier might still deliver. */
  private readonly givenUp = new Set<string>();
  private versions = 0;
  private looks = 0;

  constructor(seed: number, random: Random, supplier: ExploredSupplier) {
    this.seed = seed;
    this.random = random;
    this.supplier = supplier;
    this.channelId = idOf("chan", `explored ${seed}`);
  }

  async open(deps: Deps): Promise<void> {
    const credentials = { apiKey: "key", webhookSecret: `whsec_${"a".repeat(32)}` };
    const settings = NewSupplier.parse({
      name: "S",
      protocol: "vouchsafe",
      baseUrl: "http://127.0.0.1:1",
      credentials,
      inFlightSeconds: 5,
      answerWithinSeconds: 60,
      unknownSeconds: 60,
    });
    const supplier = valueOf(await createSupplier(deps, settings, `supplier ${this.seed}`));
    this.sources = [{ supplierId: supplier.id, supplierProductId: "prod_phone_50" }];
    for (const product of [
      { kind: "topup", name: "first", price: { amount: 100, currency: "CNY" }, sources: this.sources, limits },
      { kind: "topup", name: "second", price: { amount: 500, currency: "USD" }, sources: this.sources, limits },
      { kind: "code", name: "own", price: { amount: 70, currency: "CNY" }, limits },
      { kind: "code", name: "short", price: { amount: 30, currency: "CNY" } },
    ] satisfies NewProduct[])
      this.productIds.push(valueOf(await createProduct(deps, product, `${product.name} ${this.seed}`)).id);
    const expiresAt = new Date(Date.now() + EXPIRES_SECONDS * 1000).toISOString();
    await this.bringIn(deps, 2, (number) => `OWN-${this.seed}-${number},`);
    await this.bringIn(deps, 3, (number) => `SHORT-${this.seed}-${number},${number < STOCK / 2 ? expiresAt : ""}`);
    for (const currency of CURRENCIES)
      await deposit(deps, this.channelId, { amount: PAID_IN, currency }, `first ${currency}`, new Date());
    for (let key = 0; key < KEYS; key++)
      this.bodies.push(Array.from({ length: BODIES }, () => this.anyBody(key === 0)));
  }

  private async bringIn(deps: Deps, product: number, rowOf: (number: number) => string): Promise<void> {
    const rows = Array.from({ length: STOCK }, (_, number) => rowOf(number));
    const file = ["secret,expiresAt", ...rows, ""].join("\n");
    valueOf(await importCodes(deps, this.product(product), file, { dryRun: false }));
  }

  private product(number: number): string {
    return this.productIds[number] ?? "";
  }

  /** Orders without tickets can be told apart by nothing but their nonces: one key has only such. */
  private anyBody(isBought: boolean): NewOrder {
    const { random } = this;
    const recipient = { account: "13800138000" };
    const topup = { productId: this.product(random.below(2)), quantity: 1 + random.below(2), recipient };
    const code = { productId: this.product(2 + random.below(2)), quantity: 1 + random.below(4) };
    const lines = isBought ? [topup] : random.pick([[topup], [code], [code], [code, topup]]);
    const isLarge = lines.length === 1 && lines[0] === code && random.below(3) === 0;
    const method = random.below(3) === 0 ? "deferred" : "balance";
    return {
      lines,
      payment: { method },
      buyer: BUYER,
      contact: { email: CONTACT },
      ...(isLarge ? { acceptLess: true } : {}),
    };
  }

  private idOf(key: number): string {
    return orderIdFor(this.channelId, `key ${key}`);
  }

  /** What somebody does next; or what several do at once: twins of one key, between whom a price may change. */
  acts(): Act[] {
    const { random } = this;
    if (random.below(5) > 1) return [this.act()];
    const key = random.below(2) === 0 ? 0 : random.below(KEYS);
    const body = random.below(BODIES);
    const other = random.below(2) === 0 ? body : random.below(BODIES);
    const twins = [body, other].map((one) => this.placing(key, one));
    return random.below(2) === 0 ? twins : [...twins, { name: "reprice", path: this.reprice() }];
  }

  private placing(key: number, body: number): Act {
    return { name: `place ${key} as ${body}`, path: (deps) => this.place(deps, key, body) };
  }

  private act(): Act {
    const { random } = this;
    const key = random.below(KEYS);
    const id = this.idOf(key);
    const placing = this.placing(key, random.below(2) === 0 ? 0 : random.below(BODIES));
    const acts: readonly [number, string, Act["path"]][] = [
      [8, placing.name, placing.path],
      [4, `work on ${key}`, (deps) => this.work(deps, id)],
      [3, `cancel ${key}`, (deps) => cancelOrder(deps, this.channelId, id)],
      [2, `pay ${key}`, (deps) => payOrder(deps, this.channelId, id)],
      [2, `look at ${key}`, (deps) => this.look(deps, id)],
      [2, `watch ${key}`, (deps) => this.watch(deps, id)],
      [2, `reprice`, this.reprice()],
      [2, `sweep`, (deps) => this.sweep(deps)],
      [2, `settle`, (deps) => this.settle(deps)],
      [1, `settle old news`, (deps) => settleOrders(deps, this.oldNews())],
      [1, `expire`, (deps) => expireUnpaid(deps)],
      [4, `decide ${key}`, this.decision(id, random.below(4))],
    ];
    let at = random.below(acts.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, name, path] of acts) {
      at -= weight;
      if (at < 0) return { name, path };
    }
    throw new Error("nobody does nothing");
  }

  private async place(deps: Deps, key: number, body: number): Promise<unknown> {
    const request = this.bodies[key]?.[body];
    if (request === undefined) throw new Error("no such body");
    const placed = await placeOrder(deps, this.channelId, `key ${key}`, request, {});
    if (placed.ok) this.news.push(placed.value);
    return placed;
  }

  private async watch(deps: Deps, id: string): Promise<unknown> {
    const order = await readOrder(deps, id);
    if (order === undefined) return order;
    this.news.push(order);
    return advance(deps, order);
  }

  /** The workflow, as far as it needs no waiting. */
  private async work(deps: Deps, id: string): Promise<unknown> {
    if ((await readOrder(deps, id)) === undefined) return undefined;
    for (let turn = 0; turn < 6; turn++) {
      const { step } = await planOrder(deps, id);
      if (step === "place") await placeLine(deps, id);
      else if (step === "ask") await askSupplier(deps, id);
      else if (step !== "plan") return { state: step };
    }
    return undefined;
  }

  private async look(deps: Deps, id: string): Promise<unknown> {
    const order = await readOrder(deps, id);
    if (order === undefined) return undefined;
    // Every third look also erases the contact.
    this.looks += 1;
    if (this.looks % 3 === 0) await eraseContact(deps, id, this.channelId);
    const looker = { keyId: "key", sourceIp: "192.0.2.1", requestId: `req_${this.seed}` };
    const goods = await revealGoods(deps, order, looker);
    if (!goods.ok) return goods;
    for (const { secret } of [...goods.value.values()].flat()) {
      const owner = this.seen.get(secret) ?? id;
      if (owner !== id) this.wrong.push(`${secret} was seen by ${owner} and ${id}`);
      this.seen.set(secret, owner);
    }
    return goods;
  }

  private reprice(): Act["path"] {
    const product = this.random.below(2);
    const price = this.random.pick(PRICES);
    this.versions += 1;
    const key = `version ${this.versions}`;
    const changed = { kind: "topup", name: "T", price, sources: this.sources, limits } as const;
    return (deps) => createVersion(deps, this.product(product), changed, key);
  }

  private async sweep(deps: Deps): Promise<unknown> {
    for (const product of [2, 3]) await sweepProduct(deps, this.product(product), deps.clock());
    return undefined;
  }

  private settle(deps: Deps): Promise<unknown> {
    return settleChannel(deps, this.channelId, new Date(Date.now() + 1));
  }

  /** As a stream tells it: an order once in a batch, as it was some time ago. */
  private oldNews(): Order[] {
    return [...new Map(this.news.slice(-3).map((order) => [order.id, order])).values()];
  }

  private decision(id: string, which: number): Act["path"] {
    const evenIfUnresolved = which % 2 === 0;
    return async (deps) => {
      const order = await readOrder(deps, id);
      const line = order?.lines.find(({ state }) => state === "review");
      if (order === undefined || line === undefined) return undefined;
      if (evenIfUnresolved && which === 0) this.givenUp.add(id);
      const by = { operator: "arn:aws:iam::1:user/anna", requestId: `req_${this.seed}` };
      const stock = { from: "stock", productId: this.product(3) } as const;
      if (which === 0) return decide(deps, id, { action: "refund", reason: "r", evenIfUnresolved }, by);
      if (which === 1) return decide(deps, id, { action: "retry", reason: "r" }, by);
      return decide(deps, id, { action: "replace", reason: "r", lineId: line.id, with: stock, evenIfUnresolved }, by);
    };
  }

  private get ids(): string[] {
    return Array.from({ length: KEYS }, (_, key) => this.idOf(key));
  }

  async orders(deps: Deps): Promise<Order[]> {
    const found = await Promise.all(this.ids.map((id) => readOrder(deps, id)));
    return found.filter((order) => order !== undefined);
  }

  /** One round of what machines and operators do when nobody buys any more. True: nothing is due for any order. */
  async finish(deps: Deps): Promise<boolean> {
    await expireUnpaid(deps);
    for (const order of await this.orders(deps)) {
      await this.work(deps, order.id);
      const now = await readOrder(deps, order.id);
      if (now?.state !== "review") continue;
      this.givenUp.add(order.id);
      for (const name of ["anna", "ben"])
        await decide(
          deps,
          order.id,
          { action: "refund", reason: "r", evenIfUnresolved: true },
          { operator: `arn:aws:iam::1:user/${name}`, requestId: `req_${this.seed}` },
        );
    }
    await this.sweep(deps);
    await this.settle(deps);
    return (await this.orders(deps)).every(({ state, dropped }) => isFinal(state) && dropped === undefined);
  }

  /** Everything that is wrong now that all is quiet. */
  async audit(deps: Deps): Promise<string[]> {
    const { channelId, supplier, givenUp, seen, ids } = this;
    const orders = await this.orders(deps);
    const [products, limited] = [this.productIds.slice(2, 4), this.productIds.slice(0, 3)];
    const shop = { channelId, products, limited, ids, paidIn: PAID_IN, delivered: supplier.delivered };
    return [...this.wrong, ...(await faultsOf(deps, { ...shop, orders, givenUp, seen }))];
  }
}

/** Longer than anything that an order may wait for. */
export const LONG_MS = 2 * LIMITS.unpaidSeconds * 1000;
