import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { planOrder } from "../../shared/fulfilment/step.ts";
import { closeBatch } from "../../shared/inventory/closing.ts";
import { countStock } from "../../shared/inventory/count.ts";
import { allDirectories, setDirectory } from "../../shared/inventory/directory.ts";
import { voidCode } from "../../shared/inventory/find-code.ts";
import { importCodes } from "../../shared/inventory/import.ts";
import { setLanes } from "../../shared/inventory/lanes.ts";
import { type PoolId, TOTAL } from "../../shared/inventory/model.ts";
import { setPool } from "../../shared/inventory/pools.ts";
import { allRanges } from "../../shared/inventory/ranges.ts";
import { slotStates } from "../../shared/inventory/slots.ts";
import { transfer } from "../../shared/inventory/transfer.ts";
import { verifyStock } from "../../shared/inventory/verify.ts";
import { newId } from "../../shared/kernel/ids.ts";
import { LIMITS } from "../../shared/kernel/limits.ts";
import { cancelOrder } from "../../shared/orders/cancel.ts";
import { expireUnpaid } from "../../shared/orders/expire-unpaid.ts";
import { revealPage } from "../../shared/orders/goods.ts";
import { payOrder } from "../../shared/orders/pay.ts";
import { placeOrder } from "../../shared/orders/place.ts";
import type { NewOrder } from "../../shared/orders/request.ts";
import { readOrder } from "../../shared/orders/table.ts";
import { CODE_MARK } from "../support/codes.ts";
import type { Domain } from "../support/domain.ts";
import { codeProduct, giveMoney, sweepUntilQuiet } from "../support/market.ts";
import { domainOn } from "../support/on-second-engine.ts";
import { type SecondEngine, startSecondEngine } from "../support/second-engine.ts";
import { isFullProof } from "../support/size.ts";
import { type CodeSeen, isOnShelf, type Move, StockModel, type StockSeen } from "../support/stock-model.ts";

// Any sequence of what buyers and operators do with stock, held against a model after every step: where each code is, what is
// counted, and that slots and counters agree. A failure prints its seed and path; `SEED=… FAILURE=…` plays it again.

const LOOKER = { keyId: "key_model", sourceIp: "192.0.2.1", requestId: "req_model" };
const replayed = { seed: process.env["SEED"], path: process.env["FAILURE"] };

let engine: SecondEngine;
let deps: Domain;

beforeAll(async () => {
  engine = await startSecondEngine();
  deps = domainOn(engine);
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterAll(async () => {
  vi.useRealTimers();
  await engine.stop();
});

/** The real thing: one product with a pool for a campaign, one channel, and every code that was ever shown. */
type Shop = { productId: string; channelId: string; campaign: PoolId; shown: Map<string, string>; files: number };

async function openShop(): Promise<Shop> {
  const productId = await codeProduct(deps);
  const channelId = newId("chan");
  await giveMoney(deps, channelId, 10_000_000);
  const { pool } = await setPool(deps, productId, { kind: "campaign", subject: "spring" }, "borrow");
  return { productId, channelId, campaign: pool, shown: new Map(), files: 0 };
}

async function look({ productId }: Shop): Promise<StockSeen> {
  const listed = new Set((await allDirectories(deps, productId)).flatMap(({ ranges }) => ranges.map(({ id }) => id)));
  const seen = new Map<string, CodeSeen>();
  for await (const range of allRanges(deps, productId)) {
    const { id, slab, first, head, tail, next, batchId, pool, state, orderId: owner } = range;
    for await (const slot of slotStates(deps, slab, first, next ?? tail)) {
      if (slot.codeId === undefined || slot.state === "moved") continue;
      const isLeft = state !== "void" && state !== "order" && slot.number >= head && slot.number < tail;
      const of = { isLeft, batchId, pool, frozen: state === "frozen" };
      if (slot.state === "available" && slot.number < head) throw new Error(`${slab}:${slot.number} was drawn`);
      if (slot.state !== "available") {
        const { orderId } = slot;
        seen.set(slot.codeId, { ...of, where: slot.state, ...(orderId === undefined ? {} : { orderId }) });
      } else if (state === "void") seen.set(slot.codeId, { ...of, where: "void" });
      else if (state === "order" && owner !== undefined)
        seen.set(slot.codeId, { ...of, where: "held", orderId: owner });
      else {
        if (isLeft && !listed.has(id)) throw new Error(`${id} is not listed`);
        seen.set(slot.codeId, { ...of, where: slot.number < tail ? "shelf" : "returning" });
      }
    }
  }
  return seen;
}

type Outcome = { moves: Move[]; born?: number };
type Command = fc.AsyncCommand<StockModel, Shop>;

/** Each takes a few seconds of the test's own time, so that nothing known of the last one is still believed. */
function command(name: string, run: (model: StockModel, shop: Shop) => Promise<Outcome>): Command {
  return {
    check: () => true,
    run: async (model, shop) => {
      vi.setSystemTime(Date.now() + 5_000);
      const { moves, born = 0 } = await run(model, shop);
      expect(model.accept(await look(shop), moves, born)).toEqual([]);
      const { imported, available, held, sold, void: voided } = await countStock(deps, shop.productId, new Date());
      const count = (...wheres: string[]): number => model.count(({ where }) => wheres.includes(where));
      expect({ imported, available, held, sold, voided }).toEqual({
        imported: model.seen.size,
        available: count("shelf", "returning"),
        held: count("held"),
        sold: count("sold"),
        voided: count("void"),
      });
      expect((await verifyStock(deps, shop.productId)).differences).toEqual([]);
    },
    toString: () => name,
  };
}

const nothing: Outcome = { moves: [] };

async function workOn(orderId: string): Promise<void> {
  while ((await planOrder(deps, orderId)).step === "plan");
}

/** How many a sale takes of the campaign's pool, and how many it borrows. */
function shares(model: StockModel, shop: Shop, quantity: number, fromCampaign: boolean): [own: number, total: number] {
  const own = fromCampaign ? Math.min(quantity, model.onSaleIn(shop.campaign)) : 0;
  return [own, Math.min(quantity - own, model.onSaleIn(TOTAL))];
}

type Sale = { quantity: number; fromCampaign: boolean; how: "inline" | "large" | "deferred" };

const sell = ({ quantity, fromCampaign, how }: Sale): Command =>
  command(`sell ${quantity}${fromCampaign ? " of the campaign" : ""}, ${how}`, async (model, shop) => {
    const pools = fromCampaign ? [shop.campaign, TOTAL] : [TOTAL];
    const [own, borrowed] = shares(model, shop, quantity, fromCampaign);
    const there = own + borrowed;
    const left = pools.reduce((sum, pool) => sum + model.leftIn(pool), 0);
    const isPlaced = how === "large" ? left > 0 : there >= quantity;
    const request: NewOrder = {
      lines: [{ productId: shop.productId, quantity }],
      payment: { method: how === "deferred" ? "deferred" : "balance" },
      ...(fromCampaign ? { campaign: "spring" } : {}),
      ...(how === "large" ? { acceptLess: true } : {}),
    };
    const placed = await placeOrder(deps, shop.channelId, newId("req"), request, {});
    expect(placed.ok ? "placed" : placed.code).toBe(isPlaced ? "placed" : "sold_out");
    // Who found holes, and then too few others, gives back what it had.
    const isFrom = (code: CodeSeen): boolean => pools.some((pool) => isOnShelf(code, pool));
    if (!placed.ok)
      return { moves: [{ count: left < quantity ? 0 : there, atLeast: 0, from: isFrom, to: "returning" }] };
    const orderId = placed.value.id;
    if (how === "large") await workOn(orderId);
    const isPaid = how !== "deferred";
    const state = there === 0 ? "over" : isPaid ? "sold" : "unpaid";
    model.orders.set(orderId, {
      state,
      revealed: false,
      isPartly: how === "large" && Math.min(quantity, left) > there,
    });
    const to = isPaid ? "sold" : "held";
    const taken = [
      { count: own, pool: shop.campaign },
      { count: borrowed, pool: TOTAL },
    ].filter(({ count }) => count > 0);
    return {
      moves: taken.map(({ count, pool }): Move => ({ count, from: (code) => isOnShelf(code, pool), to, orderId })),
    };
  });

/** One of the orders so far; undefined while there are none. */
const some = (model: StockModel, at: number) => [...model.orders].at(at % Math.max(1, model.orders.size));

/** What becomes of an order's codes when it lets go of them: a batch that is void takes them in. */
function givenBack(model: StockModel, orderIds: readonly string[], from: "sold" | "held"): Move[] {
  const isTheirs = (code: CodeSeen): boolean => code.where === from && orderIds.includes(code.orderId ?? "");
  const isVoid = ({ batchId }: CodeSeen): boolean => model.voidBatches.has(batchId);
  return [
    {
      count: model.count((code) => isTheirs(code) && isVoid(code)),
      from: (code) => isTheirs(code) && isVoid(code),
      to: "void",
    },
    {
      count: model.count((code) => isTheirs(code) && !isVoid(code)),
      from: (code) => isTheirs(code) && !isVoid(code),
      to: "returning",
    },
  ];
}

const cancel = (at: number): Command =>
  command(`cancel order ${at}`, async (model, shop) => {
    const [orderId, order] = some(model, at) ?? [];
    if (orderId === undefined || order === undefined) return nothing;
    const cancelled = await cancelOrder(deps, shop.channelId, orderId);
    const isOver = order.state === "over";
    if (order.revealed || order.isPartly || (isOver && !cancelled.ok)) {
      expect(cancelled).toMatchObject({ code: "not_cancellable" });
      return nothing;
    }
    await workOn(orderId);
    const moves = isOver ? [] : givenBack(model, [orderId], order.state === "sold" ? "sold" : "held");
    order.state = "over";
    return { moves };
  });

const pay = (at: number): Command =>
  command(`pay order ${at}`, async (model, shop) => {
    const unpaid = [...model.orders].filter(([, { state }]) => state === "unpaid");
    const [orderId, order] = unpaid.at(at % Math.max(1, unpaid.length)) ?? [];
    if (orderId === undefined || order === undefined) return nothing;
    expect(await payOrder(deps, shop.channelId, orderId)).toMatchObject({ value: { state: "fulfilled" } });
    order.state = "sold";
    const from = (code: CodeSeen): boolean => code.where === "held" && code.orderId === orderId;
    return { moves: [{ count: model.count(from), from, to: "sold", orderId }] };
  });

const expire = (): Command =>
  command("let what is unpaid expire", async (model) => {
    const unpaid = [...model.orders].filter(([, { state }]) => state === "unpaid").map(([id]) => id);
    const later = new Date(Date.now() + (LIMITS.unpaidSeconds + 1) * 1000);
    await expireUnpaid({ ...deps, clock: () => later });
    const moves = givenBack(model, unpaid, "held");
    for (const id of unpaid) {
      const order = model.orders.get(id);
      if (order !== undefined) order.state = "over";
    }
    return { moves };
  });

const reveal = (at: number): Command =>
  command(`look at order ${at}`, async (model, shop) => {
    const [orderId, known] = some(model, at) ?? [];
    const order = orderId === undefined ? undefined : await readOrder(deps, orderId);
    if (orderId === undefined || order === undefined) return nothing;
    const page = await revealPage(deps, order, LOOKER, { from: 0, limit: 1000 });
    const isThere = known?.state === "sold";
    const secrets = page.ok ? page.value.pieces.map(({ code }) => code.secret) : [];
    expect(secrets).toHaveLength(isThere ? model.count((code) => code.orderId === orderId) : 0);
    for (const secret of secrets) {
      expect(model.secrets).toContain(secret);
      expect([secret, shop.shown.get(secret) ?? orderId]).toEqual([secret, orderId]);
      shop.shown.set(secret, orderId);
    }
    if (isThere && known !== undefined) known.revealed = true;
    return nothing;
  });

/** Files overlap: a code may be in several. */
const importFile = (from: number, count: number, dryRun: boolean): Command =>
  command(`import ${dryRun ? "for trial " : ""}codes ${from} to ${from + count - 1}`, async (model, shop) => {
    shop.files += 1;
    const codes = Array.from({ length: count }, (_, index) => `${CODE_MARK}-STOCK-${from + index}`);
    const fresh = codes.filter((code) => !model.secrets.has(code));
    const text = ["secret,number", ...codes.map((code) => `${code},${code}`)].join("\n");
    const report = await importCodes(deps, shop.productId, text, { dryRun });
    expect(report).toMatchObject({ ok: true, value: { imported: fresh.length } });
    if (dryRun) return nothing;
    for (const code of fresh) model.secrets.add(code);
    return { moves: [], born: fresh.length };
  });

const sweep = (): Command =>
  command("sweep", async (model, shop) => {
    await sweepUntilQuiet(deps, shop.productId);
    const from = ({ where }: CodeSeen): boolean => where === "returning";
    return { moves: [{ count: model.count(from), from, to: "shelf" }] };
  });

/** `undefined`: whatever there is, by new labels for whole ranges, which take along what is on its way back to them. */
const move = (toCampaign: boolean, quantity: number | undefined): Command =>
  command(`move ${quantity ?? "all"} ${toCampaign ? "to" : "from"} the campaign`, async (model, shop) => {
    const [from, to] = toCampaign ? [TOTAL, shop.campaign] : [shop.campaign, TOTAL];
    const isMeant = (code: CodeSeen): boolean => isOnShelf(code, from);
    const there = model.count(isMeant);
    const left = model.onCountersOf(from);
    const expected = quantity === undefined ? left : left < quantity ? 0 : quantity;
    const moved = await transfer(deps, shop.productId, from, to, quantity);
    expect(moved.ok ? moved.value.quantity : moved.code).toBe(
      expected === 0 && quantity !== undefined ? "sold_out" : expected,
    );
    if (!moved.ok) return nothing;
    const now = await look(shop);
    const along = [...model.seen].filter(([id, code]) => code.where === "returning" && now.get(id)?.pool !== code.pool);
    const isAlong = (id: string): boolean => along.some(([other]) => other === id);
    return {
      moves: [
        // What is moved may have holes.
        { count: Math.min(expected, there), atLeast: expected - (left - there), from: isMeant, to: "shelf" },
        { count: along.length, from: (_code, id) => isAlong(id), to: "returning" },
      ],
    };
  });

/** The batch of one of the codes. */
const batchOf = (model: StockModel, at: number): string =>
  [...model.seen.values()].at(at % Math.max(1, model.seen.size))?.batchId ?? "none";

const close = (at: number, state: "frozen" | "open" | "void"): Command =>
  command(`make the batch of code ${at} ${state}`, async (model, shop) => {
    const batchId = batchOf(model, at);
    const closed = await closeBatch(deps, shop.productId, batchId, state);
    expect(closed.ok).toBe(model.seen.size > 0);
    const isVoid = model.voidBatches.has(batchId);
    if (!isVoid && state === "frozen") model.frozenBatches.add(batchId);
    else model.frozenBatches.delete(batchId);
    if (state !== "void" || isVoid) return nothing;
    model.voidBatches.add(batchId);
    const from = (code: CodeSeen): boolean =>
      code.batchId === batchId && (code.where === "shelf" || code.where === "returning");
    return { moves: [{ count: model.count(from), from, to: "void" }] };
  });

const voidOne = (number: number): Command =>
  command(`void code ${number}`, async (model, shop) => {
    const secret = `${CODE_MARK}-STOCK-${number}`;
    const voided = await voidCode(deps, shop.productId, { secret, number: secret });
    const found = (ok: boolean, code?: string): string => (ok ? "void" : (code ?? ""));
    const outcome = found(voided.ok, voided.ok ? undefined : voided.code);
    expect(outcome).toBe(outcome === "not_found" && model.secrets.has(secret) ? "void" : outcome);
    const codeId = voided.ok ? voided.value.codeId : "";
    const isLoose = (code: CodeSeen | undefined): boolean => code?.where === "shelf" || code?.where === "returning";
    if (!voided.ok || !isLoose(model.seen.get(codeId))) return nothing;
    return { moves: [{ count: 1, from: (_code, id) => id === codeId, to: "void" }] };
  });

const freezePool = (ofCampaign: boolean, frozen: boolean): Command =>
  command(`${frozen ? "freeze" : "thaw"} the ${ofCampaign ? "campaign's" : "total"} pool`, async (model, shop) => {
    const pool = ofCampaign ? shop.campaign : TOTAL;
    await setDirectory(deps, shop.productId, pool, { frozen });
    if (frozen) model.frozenPools.add(pool);
    else model.frozenPools.delete(pool);
    return nothing;
  });

const cutLanes = (lanes: number): Command =>
  command(`cut into ${lanes} lanes`, async (_model, shop) => {
    await setLanes(deps, shop.productId, TOTAL, lanes);
    return nothing;
  });

const at = fc.nat({ max: 40 });
const sale: fc.Arbitrary<Sale> = fc.record({
  quantity: fc.integer({ min: 1, max: 6 }),
  fromCampaign: fc.boolean(),
  how: fc.constantFrom("inline", "large", "deferred"),
});
const file = fc.tuple(fc.constantFrom(0, 4, 8, 12, 16), fc.constantFrom(5, 8), fc.constantFrom(false, false, true));

/** What most can go wrong with comes up more often. */
const commands: fc.Arbitrary<Command>[] = [
  sale.map(sell),
  sale.map(sell),
  sale.map(sell),
  file.map((args) => importFile(...args)),
  file.map((args) => importFile(...args)),
  at.map(cancel),
  at.map(cancel),
  at.map(pay),
  fc.constant(expire()),
  at.map(reveal),
  fc.constant(sweep()),
  fc.constant(sweep()),
  fc.tuple(fc.boolean(), fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined })).map((args) => move(...args)),
  fc.tuple(at, fc.constantFrom("frozen", "open", "open", "void")).map((args) => close(...args)),
  fc.nat({ max: 22 }).map(voidOne),
  fc.tuple(fc.boolean(), fc.boolean()).map((args) => freezePool(...args)),
  fc.integer({ min: 1, max: 4 }).map(cutLanes),
];

test(
  "stock is where a model says it is, after any sequence of what buyers and operators do",
  async () => {
    const sequences = fc.commands(commands, { maxCommands: 40, size: "max" });
    const property = fc.asyncProperty(sequences, async (sequence) => {
      const shop = await openShop();
      const model = new StockModel();
      for (const first of [importFile(0, 8, false), importFile(8, 8, false)]) await first.run(model, shop);
      await fc.asyncModelRun(() => ({ model, real: shop }), sequence);
    });
    const checked = fc.assert(property, {
      numRuns: isFullProof ? 150 : 12,
      endOnFailure: !isFullProof,
      ...(replayed.seed === undefined ? {} : { seed: Number(replayed.seed), path: replayed.path ?? "" }),
    });
    await expect(checked).resolves.toBeUndefined();
  },
  isFullProof ? 1_800_000 : 120_000,
);
