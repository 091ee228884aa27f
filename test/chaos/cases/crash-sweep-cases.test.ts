import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { careCases } from "../../../shared/cases/care.ts";
import { CaseChoice, decideCase } from "../../../shared/cases/decide.ts";
import { NewCase, openCase } from "../../../shared/cases/open.ts";
import { readCase } from "../../../shared/cases/table.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { revealPage } from "../../../shared/orders/goods.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { piecesLeft } from "../../../shared/orders/shares.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { OrderRefund } from "../../../shared/review/decision.ts";
import { refundOrder } from "../../../shared/review/refund-order.ts";
import { type Everything, everythingOn } from "../../support/engine/on-second-engine.ts";
import { proofEngine } from "../../support/engine/proof-engine.ts";
import type { SecondEngine } from "../../support/engine/second-engine.ts";
import { crashEach } from "../../support/faults/crash.ts";
import { makeCodes } from "../../support/inventory/codes.ts";
import { violations } from "../../support/orders/invariants.ts";
import { LOOKER } from "../../support/orders/large-market.ts";
import { buy, openMarket, putOnSale, settleMoney, sweepUntilQuiet } from "../../support/orders/market.ts";
import { anna, ben } from "../../support/review/review-ground.ts";
import { valueOf } from "../../support/value-of.ts";

// Processes that die, and people who come at once, over cases: each paid piece has one living code at most, and the books balance.

type Deps = Everything["deps"];
let engine: SecondEngine;
let deps: Deps;
beforeAll(async () => {
  engine = await proofEngine();
  deps = everythingOn(engine).deps;
});
afterAll(() => engine.stop());

const wish = (piece: number, kind = "void_and_reissue") => NewCase.parse({ kind, lineId: "1", pieces: [piece] });
const choose = (action: string) =>
  CaseChoice.parse({ action, reason: "r", ...(action === "refuse" ? { because: "not_justified" } : {}) });
const open = (on: Deps, id: string, piece = 1, key = "key") =>
  openCase(on, id, wish(piece), { opener: "channel", key });
const orderNow = async (id: string): Promise<Order> => (await readOrder(deps, id)) as Order;

/** Two codes that were sold, perhaps seen, and three more in stock. */
async function sold(goods: "reveal" | "keep sealed") {
  const market = await openMarket(deps, { stock: 2, money: 200 });
  const { productId, channelId } = market;
  const { order } = valueOf(await buy(deps, channelId, newId("req"), [{ productId, quantity: 2 }], goods));
  await settleMoney(deps, order.id);
  await putOnSale(deps, productId, makeCodes(3));
  return { productId, channelId, id: order.id };
}

/** What the schedule does some minutes later, until nothing is left half-way. */
async function recover(caseIds: readonly string[]): Promise<void> {
  const later = { ...deps, clock: () => new Date(Date.now() + 2 * LIMITS.caseLeftSeconds * 1000) };
  for (let look = 0; look < 2; look++) await careCases(later, (_, error) => expect(error).toBeUndefined());
  for (const id of caseIds) expect((await readCase(deps, id))?.state).not.toMatch(/open|acting/);
}

/** All that is wrong with an order whose story is over; and that it has one living code for each piece that it has paid for. */
async function wrongWith({ productId, channelId, id }: Awaited<ReturnType<typeof sold>>): Promise<string[]> {
  await settleMoney(deps, id);
  await sweepUntilQuiet(deps, productId);
  const order = await orderNow(id);
  const paid = order.lines.filter(({ given }) => given === undefined);
  const living = paid.flatMap(({ tickets = [], state }) => (state === "returned" ? [] : tickets));
  const pieces = paid.reduce((sum, line) => sum + (line.state === "returned" ? 0 : piecesLeft(line)), 0);
  const wrong = new Set(living).size === pieces ? [] : [`${living.length} living codes for ${pieces} pieces`];
  return [...wrong, ...(await violations(deps, { products: [productId], channels: [channelId], orders: [id] }))];
}

describe("dead at any call, and taken up by the schedule", () => {
  test("a case that a rule decides replaces once", async () => {
    const calls = await crashEach(
      (watched) => everythingOn(engine, { calls: watched }).deps,
      async (doomed) => {
        const stage = await sold("keep sealed");
        await doomed.run((dying) => open(dying, stage.id));
        const one = valueOf(await open(deps, stage.id));
        await recover([one.id]);
        expect(await readCase(deps, one.id)).toMatchObject({ state: "replaced" });
        expect((await orderNow(stage.id)).lines[0]?.swapped?.dead).toHaveLength(1);
        expect(await wrongWith(stage)).toEqual([]);
      },
    );
    expect(calls).toBeGreaterThan(5);
  });

  test.each(["replace", "refund", "compensate"])("a person's decision to %s is carried out once", async (action) => {
    const calls = await crashEach(
      (watched) => everythingOn(engine, { calls: watched }).deps,
      async (doomed) => {
        const stage = await sold("reveal");
        const one = valueOf(await open(deps, stage.id));
        await doomed.run((dying) => decideCase(dying, one.id, choose(action), anna));
        await recover([]);
        const again = await decideCase(deps, one.id, choose(action), anna);
        expect(again.ok || again.code === "case_closed").toBe(true);
        await recover([one.id]);
        const order = await orderNow(stage.id);
        expect(order.refunded).toBe(action === "refund" ? 100 : 0);
        expect(order.lines).toHaveLength(action === "compensate" ? 2 : 1);
        expect(order.lines[0]?.swapped?.dead ?? []).toHaveLength(action === "replace" ? 1 : 0);
        expect(await wrongWith(stage)).toEqual([]);
      },
    );
    expect(calls).toBeGreaterThan(3);
  });
});

describe("at once", () => {
  const TIMES = 3;

  test("two cases of one line: one is opened, and both pieces keep a living code", async () => {
    for (let time = 0; time < TIMES; time++) {
      const stage = await sold("reveal");
      const answers = await Promise.all([open(deps, stage.id, 1, "a"), open(deps, stage.id, 2, "b")]);
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
      expect((await orderNow(stage.id)).cases).toHaveLength(1);
      expect(await wrongWith(stage)).toEqual([]);
    }
  });

  test("unequal repeats with one key: one of them is the case", async () => {
    const stage = await sold("keep sealed");
    const answers = await Promise.all([1, 2, 1, 2].map((piece) => open(deps, stage.id, piece)));
    const refused = answers.flatMap((answer) => (answer.ok ? [] : [answer.code]));
    expect(refused).toEqual(["idempotency_key_reused", "idempotency_key_reused"]);
    expect((await orderNow(stage.id)).lines[0]?.swapped?.dead).toHaveLength(1);
    expect(await wrongWith(stage)).toEqual([]);
  });

  test("a case against a look, a cancellation, and a refund: whoever wins, the buyer has goods or money for each piece", async () => {
    const ends = new Set<string>();
    const rivals = {
      look: (id: string) => orderNow(id).then((order) => revealPage(deps, order, LOOKER, { from: 0, limit: 9 })),
      cancel: (id: string, channelId: string) => cancelOrder(deps, channelId, id),
      refund: (id: string) =>
        refundOrder(deps, id, OrderRefund.parse({ reason: "r", lines: ["1"], pieces: 1 }), { ...ben, cause: "c" }),
      all: (id: string) => refundOrder(deps, id, OrderRefund.parse({ reason: "r" }), { ...ben, cause: "c" }),
    };
    for (const [name, rival] of Object.entries(rivals))
      for (let time = 0; time < TIMES; time++) {
        const stage = await sold("keep sealed");
        const [opened] = await Promise.all([open(deps, stage.id, 2), rival(stage.id, stage.channelId)]);
        await recover(opened.ok ? [opened.value.id] : []);
        const end = opened.ok ? (await readCase(deps, opened.value.id))?.state : opened.code;
        ends.add(`${name} ${end} ${(await orderNow(stage.id)).state}`);
        expect(await wrongWith(stage)).toEqual([]);
      }
    process.stdout.write(`cases at once: ${[...ends].toSorted().join(", ")}\n`);
  });

  test("two people who decide differently: one of them wins", async () => {
    for (let time = 0; time < TIMES; time++) {
      const stage = await sold("reveal");
      const one = valueOf(await open(deps, stage.id));
      const answers = await Promise.all([
        decideCase(deps, one.id, choose("refund"), anna),
        decideCase(deps, one.id, choose("replace"), ben),
      ]);
      await recover([one.id]);
      expect(answers.filter(({ ok }) => ok).length).toBeLessThan(2);
      expect(await wrongWith(stage)).toEqual([]);
    }
  });
});
