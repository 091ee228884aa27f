import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ProductVersion, SupplierSource } from "../../../shared/catalog/model.ts";
import { type Choice, chooseSource, type Situation } from "../../../shared/fulfilment/choose-source.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import type { Line } from "../../../shared/orders/model.ts";
import type { Offer } from "../../../shared/suppliers/table.ts";
import { at, attemptOf, NOW, topupLine } from "../../support/orders/order-fixtures.ts";
import { counterexample } from "../../support/properties.ts";

const PRICE = 4950;
const SALE = { orderId: "ord_1", currency: "CNY" };

const source = (name: string, more: Partial<SupplierSource> = {}): SupplierSource => ({
  supplierId: `sup_${name}`,
  supplierProductId: "phone",
  unguarded: true,
  ...more,
});
const cny = (amount: number) => ({ amount, currency: "CNY" });
const usd = (amount: number) => ({ amount, currency: "USD" });

const product = (sources: SupplierSource[], strategy?: ProductVersion["strategy"]): ProductVersion => ({
  id: "prod_1",
  version: 1,
  kind: "topup",
  name: "Phone credit",
  price: cny(PRICE),
  sources,
  ...(strategy === undefined ? {} : { strategy }),
});

const market = (more: Partial<Situation> = {}): Situation => ({
  offers: [],
  balances: new Map(),
  sickUntil: new Map(),
  mostPieces: new Map(),
  rateOf: () => undefined,
  ...more,
});

/** Seven yuan to the dollar. */
const atSeven: Situation["rateOf"] = (from, to) => ({ from, to, rate: "7", at: at(-1) });

const offer = (name: string, more: Partial<Offer> = {}): Offer => ({
  supplierId: `sup_${name}`,
  supplierProductId: "phone",
  onSale: true,
  at: at(-60),
  ...more,
});

const refusedBy = (...names: string[]): Line => ({
  ...topupLine("open"),
  history: names.map((name) =>
    attemptOf({ supplierId: `sup_${name}`, supplierProductId: "phone", outcome: "rejected" }),
  ),
});

const nameOf = (choice: Choice): string => (choice.kind === "source" ? choice.source.supplierId.slice(4) : choice.kind);

type Setting = {
  strategy?: ProductVersion["strategy"];
  line?: Line;
  now?: Date;
  sale?: typeof SALE;
} & Partial<Situation>;
const choose = (sources: SupplierSource[], { strategy, line, now, sale, ...rest }: Setting = {}): Choice =>
  chooseSource(product(sources, strategy), line ?? topupLine("open"), sale ?? SALE, market(rest), now ?? NOW);

describe("the source that a line is bought from", () => {
  const three = [source("a"), source("b"), source("c")];

  it("is the first in order, by priority", () => {
    expect(nameOf(choose(three))).toBe("a");
  });

  it("is the next when one has refused, and none when all have", () => {
    expect(nameOf(choose(three, { line: refusedBy("a") }))).toBe("b");
    expect(nameOf(choose(three, { line: refusedBy("a", "c") }))).toBe("b");
    expect(nameOf(choose(three, { line: refusedBy("a", "b", "c") }))).toBe("none");
  });

  it("is none that has delivered a part and no more", () => {
    const [attempt = attemptOf()] = refusedBy("a").history ?? [];
    const line: Line = { ...topupLine("open"), history: [{ ...attempt, outcome: "partly" }] };
    expect(nameOf(choose(three, { line }))).toBe("b");
    const mostPieces = new Map([["sup_a", 1]]);
    expect(nameOf(choose([source("a"), source("b")], { line, mostPieces }))).toBe("b");
  });

  it("may be one that refused before a person had the line tried again", () => {
    expect(nameOf(choose(three, { line: { ...refusedBy("a", "b", "c"), forgiven: 3 } }))).toBe("a");
  });

  it("takes orders of this size", () => {
    const line: Line = { ...topupLine("open"), quantity: 3 };
    expect(nameOf(choose([source("a", { maxPerOrder: 2 }), source("b", { maxPerOrder: 3 })], { line }))).toBe("b");
  });

  it("is none that its catalogue says is empty, as long as there are others: what it says may be old", () => {
    const offers = [offer("a", { stock: 0 }), offer("b", { onSale: false })];
    expect(nameOf(choose(three, { offers }))).toBe("c");
    const old = offers.map((one) => ({ ...one, at: at(-LIMITS.stockFreshSeconds) }));
    expect(nameOf(choose(three, { offers: old }))).toBe("a");
    expect(nameOf(choose(three, { offers, line: refusedBy("c") }))).toBe("a");
    expect(nameOf(choose(three, { offers: [offer("a", { stock: 0, at: at(-2 * 24 * 3600) })] }))).toBe("a");
  });

  it("never sells below cost, as agreed or as the supplier says now (a sync sells below cost)", () => {
    const dear = source("a", { cost: cny(PRICE + 1) });
    expect(nameOf(choose([dear]))).toBe("none");
    expect(nameOf(choose([dear, source("b", { cost: cny(PRICE) })]))).toBe("b");
    expect(nameOf(choose([source("a", { cost: cny(1) })], { offers: [offer("a", { cost: cny(PRICE + 1) })] }))).toBe(
      "none",
    );
    expect(nameOf(choose([source("a", { cost: usd(800) })], { rateOf: atSeven }))).toBe("none");
    const bought = choose([source("a", { cost: usd(10) })], { rateOf: atSeven });
    expect(bought).toMatchObject({ kind: "source", cost: usd(10), rate: { from: "USD", to: "CNY", rate: "7" } });
    expect(choose([source("a", { cost: cny(10) })], { rateOf: () => undefined })).not.toHaveProperty("rate");
  });

  it("never costs more than all payers pay for the line, whatever its list price is", () => {
    const sources = [source("a", { cost: cny(4000) }), source("b", { cost: cny(3000) })];
    const line: Line = { ...topupLine("open"), quantity: 2, net: 6000 };
    expect(nameOf(choose(sources, { line }))).toBe("b");
    const paid = { channel: 6000, "promo:a": 2000 };
    expect(nameOf(choose(sources, { line: { ...line, paid } }))).toBe("a");
  });
});

describe("a source of which nobody knows what it costs", () => {
  const guarded = (more: Partial<SupplierSource> = {}) => {
    const { unguarded: _not, ...rest } = source("a", more);
    return rest;
  };

  it("is not bought: not when its catalogue names no cost, nor before it was read, nor without a rate", () => {
    expect(choose([guarded()])).toMatchObject({ kind: "later", patiently: false });
    expect(choose([guarded()], { offers: [offer("a")] })).toMatchObject({ kind: "later" });
    expect(choose([guarded()], { offers: [offer("a", { unread: "name" })] })).toMatchObject({ kind: "later" });
    expect(choose([guarded()], { offers: [offer("a", { cost: usd(1) })] })).toMatchObject({ kind: "later" });
    expect(choose([guarded()], { offers: [offer("a", { cost: cny(1), at: at(-2 * 24 * 3600) })] })).toMatchObject({
      kind: "later",
    });
    expect(nameOf(choose([guarded(), source("b")]))).toBe("b");
  });

  it("is bought once it says what it costs, and at a cost that was agreed", () => {
    expect(nameOf(choose([guarded()], { offers: [offer("a", { cost: cny(1) })] }))).toBe("a");
    expect(nameOf(choose([guarded({ cost: cny(1) })], { offers: [offer("a")] }))).toBe("a");
    expect(nameOf(choose([guarded({ cost: usd(1) })]))).toBe("a");
  });

  it("is bought where a person has said that it may be", () => {
    expect(nameOf(choose([source("a", { unguarded: true })]))).toBe("a");
  });
});

describe("by the cheapest", () => {
  const sources = [source("a", { cost: cny(4900) }), source("b", { cost: usd(690) }), source("c")];

  it("costs are compared in one currency, and an unknown one comes last", () => {
    expect(nameOf(choose(sources, { strategy: "cheapest", rateOf: atSeven }))).toBe("b");
    expect(nameOf(choose(sources, { strategy: "cheapest", rateOf: atSeven, line: refusedBy("a", "b") }))).toBe("c");
  });

  it("without a rate of today, what can't be compared stays in the order of priority", () => {
    expect(nameOf(choose(sources, { strategy: "cheapest" }))).toBe("a");
    expect(nameOf(choose(sources.slice(1), { strategy: "cheapest" }))).toBe("b");
  });
});

describe("by weight", () => {
  const sources = [source("a", { weight: 3 }), source("b", { weight: 1 }), source("never", { weight: 0 })];
  const shares = (line?: Line) => {
    const names = Array.from({ length: 2000 }, (_, number) =>
      nameOf(
        choose(sources, {
          strategy: "weighted",
          sale: { ...SALE, orderId: `ord_${number}` },
          ...(line ? { line } : {}),
        }),
      ),
    );
    return Map.groupBy(names, (name) => name);
  };

  it("each gets its share, and who weighs nothing only what the others refuse", () => {
    const a = shares().get("a")?.length ?? 0;
    expect(a).toBeGreaterThan(1420);
    expect(a).toBeLessThan(1580);
    expect(shares().has("never")).toBe(false);
    expect([...shares(refusedBy("a", "b")).keys()]).toEqual(["never"]);
  });

  it("the same order always chooses the same", () => {
    const isSteady = fc.property(fc.string(), (orderId) => {
      const once = () => nameOf(choose(sources, { strategy: "weighted", sale: { ...SALE, orderId } }));
      return once() === once();
    });
    expect(counterexample(isSteady)).toBeUndefined();
  });
});

describe("a source that can't be called now", () => {
  const two = [source("a"), source("b")];
  const waiting = (name: string, retryAt: string) =>
    topupLine(
      "open",
      attemptOf({ supplierId: `sup_${name}`, supplierProductId: "phone", outcome: "not_sent", retryAt }),
    );

  it("leaves the sale to the next: it is sick", () => {
    const sickUntil = new Map([["sup_a", at(20)]]);
    expect(nameOf(choose(two, { sickUntil }))).toBe("b");
    expect(choose(two, { sickUntil, line: refusedBy("b") })).toEqual({
      kind: "later",
      until: at(20),
      patiently: false,
    });
  });

  it("leaves the sale to the next: it asked us to wait", () => {
    expect(nameOf(choose(two, { line: waiting("a", at(5)) }))).toBe("b");
    expect(choose([source("a")], { line: waiting("a", at(5)) })).toMatchObject({ kind: "later", until: at(5) });
    expect(nameOf(choose(two, { line: waiting("a", at(0)) }))).toBe("a");
  });

  it("leaves the sale to the next: our balance there is short", () => {
    const sources = [source("a", { cost: cny(100) }), source("b")];
    expect(nameOf(choose(sources, { balances: new Map([["sup_a", [cny(99)]]]) }))).toBe("b");
    expect(nameOf(choose(sources, { balances: new Map([["sup_a", [cny(100)]]]) }))).toBe("a");
    expect(nameOf(choose(sources.slice(0, 1), { balances: new Map([["sup_a", [cny(99)]]]) }))).toBe("later");
  });

  it("is waited for however long it takes when it is only closed, also over midnight", () => {
    const noon = NOW; // 12:00 UTC
    const day = source("a", { hours: { from: "08:00", to: "11:30" } });
    expect(choose([day], { now: noon })).toEqual({ kind: "later", until: "2026-03-02T08:00:00.000Z", patiently: true });
    expect(nameOf(choose([day], { now: new Date("2026-03-01T08:00:00Z") }))).toBe("a");
    const night = source("a", { hours: { from: "22:00", to: "06:00" } });
    expect(choose([night], { now: noon })).toMatchObject({ until: "2026-03-01T22:00:00.000Z" });
    expect(nameOf(choose([night], { now: new Date("2026-03-01T23:59:00Z") }))).toBe("a");
    expect(nameOf(choose([night], { now: new Date("2026-03-01T05:59:00Z") }))).toBe("a");
  });

  it("of several, the one that is back first says how long", () => {
    const sickUntil = new Map([
      ["sup_a", at(30)],
      ["sup_b", at(10)],
    ]);
    expect(choose(two, { sickUntil })).toMatchObject({ kind: "later", until: at(10) });
  });
});
