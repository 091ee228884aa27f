import { expect, test } from "vitest";
import { listRecords } from "../../../shared/audit/list.ts";
import { transact } from "../../../shared/aws/dynamo.ts";
import { careCases } from "../../../shared/cases/care.ts";
import { CaseChoice, decideCase } from "../../../shared/cases/decide.ts";
import { listCases } from "../../../shared/cases/list.ts";
import { NewCase, openCase } from "../../../shared/cases/open.ts";
import { planCaseSettings, writeCaseSettings } from "../../../shared/cases/settings.ts";
import { readCase } from "../../../shared/cases/table.ts";
import { workOn } from "../../../shared/cases/work.ts";
import { createProduct, createVersion } from "../../../shared/catalog/products.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { swapWrites } from "../../../shared/inventory/swap-sold.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { revealPage } from "../../../shared/orders/goods.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { makeCodes } from "../../support/inventory/codes.ts";
import { otherEntries } from "../../support/orders/books.ts";
import { violations } from "../../support/orders/invariants.ts";
import { LOOKER } from "../../support/orders/large-market.ts";
import {
  buy,
  draw,
  type Market,
  onSale,
  openMarket,
  putOnSale,
  settleMoney,
  sweepUntilQuiet,
} from "../../support/orders/market.ts";
import { eventually } from "../../support/orders/shop.ts";
import { anna, ben } from "../../support/review/review-ground.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// What comes after the sale: codes that don't work are replaced, by a rule or a person, and each paid piece has one living code.

const { deps } = await sceneGround();
const now = async (id: string): Promise<Order> => (await readOrder(deps, id)) as Order;
const doesNotWork = (more: object = {}) => NewCase.parse({ kind: "void_and_reissue", lineId: "1", ...more });
const opened = (id: string, wish = doesNotWork(), key = newId("req")) =>
  openCase(deps, id, wish, { opener: "channel", key });
const choose = (action: string, more: object = {}) => CaseChoice.parse({ action, reason: "r", ...more });
const care = () => careCases(deps, (id, error) => expect([id, error]).toEqual([]));

async function bought(quantity: number, goods: "reveal" | "keep sealed" = "keep sealed", spare = 3, price = 100) {
  const market = await openMarket(deps, { stock: quantity, money: quantity * price, price });
  const lines = [{ productId: market.productId, quantity }];
  const { order } = valueOf(await buy(deps, market.channelId, newId("req"), lines, goods));
  await settleMoney(deps, order.id);
  if (spare > 0) await putOnSale(deps, market.productId, makeCodes(spare));
  return { market, id: order.id };
}

async function wrongWith({ productId, channelId }: Market, ...orders: string[]): Promise<string[]> {
  await settleMoney(deps, ...orders);
  await sweepUntilQuiet(deps, productId);
  return violations(deps, { products: [productId], channels: [channelId], orders });
}

test("a code that nobody has seen is replaced at once by rule; the dead one stays sold, marked, and is shown to nobody", async () => {
  const { market, id } = await bought(2);
  const before = await now(id);
  const [first = "", second = ""] = before.lines[0]?.tickets ?? [];
  const one = valueOf(await opened(id, doesNotWork({ pieces: [1] })));
  expect(one).toMatchObject({ state: "replaced", reason: "did_not_work", openedBy: "channel" });
  expect(one.swaps).toHaveLength(1);
  const order = await now(id);
  const [line] = order.lines;
  expect(line?.tickets?.[1]).toBe(second);
  expect(line?.swapped?.dead).toEqual([first]);
  expect(order.cases).toMatchObject([{ id: one.id, state: "replaced" }]);
  const page = valueOf(await revealPage(deps, order, LOOKER, { from: 0, limit: 10 }));
  expect(page.pieces.map(({ code }) => code.codeId)).toContain(one.swaps?.[0]?.fresh);
  expect(page.pieces.map(({ code }) => code.codeId)).not.toContain(one.swaps?.[0]?.dead);
  expect(page.pieces).toHaveLength(2);
  expect(await countStock(deps, market.productId, new Date())).toMatchObject({ sold: 3, available: 2, void: 0 });
  expect(await wrongWith(market, id)).toEqual([]);
  const { records } = await listRecords(deps, id, 10);
  expect(records.map(({ action, by }) => `${action} ${by}`)).toContain("case_replace rule:cases");
});

test("what the dead code has cost is owed by its supplier, and what came in its place is an expense", async () => {
  const supplierId = newId("sup");
  const market = await openMarket(deps, { stock: 0, money: 100 });
  const { productId } = market;
  const put = (amount: number) => {
    const cost = { unitCost: { amount, currency: "CNY" }, supplierId };
    return importCodes(deps, productId, `secret\n${makeCodes(1)[0]}\n`, { dryRun: false, cost });
  };
  valueOf(await put(60));
  const { order } = valueOf(await buy(deps, market.channelId, "order", [{ productId, quantity: 1 }], "keep sealed"));
  await settleMoney(deps, order.id);
  valueOf(await put(70));
  const one = valueOf(await opened(order.id));
  expect(one.state).toBe("replaced");
  const entries = (await otherEntries(deps)).filter(({ name }) => name.includes(one.id));
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  expect(entries.map(({ legs }) => legs)).toEqual([
    [
      { account: `receivable:${supplierId}`, amount: 60 },
      { account: "platform:cost", amount: -60 },
    ],
    [
      { account: "platform:cost", amount: 70 },
      { account: "platform:stock", amount: -70 },
    ],
  ]);
  expect(await wrongWith(market, order.id)).toEqual([]);
});

test("a code that was seen waits for a person, who replaces it, refunds it, gives a piece more, or refuses with a reason", async () => {
  for (const [action, state, more] of [
    ["replace", "replaced", {}],
    ["refund", "refunded", {}],
    ["compensate", "compensated", {}],
    ["refuse", "refused", { because: "used_at_issuer" }],
  ] as const) {
    const { market, id } = await bought(2, "reveal");
    const one = valueOf(await opened(id, doesNotWork({ pieces: [1] })));
    expect(one).toMatchObject({ state: "waiting", waitsFor: "seen" });
    const decided = valueOf(await decideCase(deps, one.id, choose(action, more), anna));
    expect(decided).toMatchObject({ kind: "done", case: { state } });
    const order = await now(id);
    expect(order.cases).toMatchObject([{ state }]);
    expect(order.refunded).toBe(action === "refund" ? 100 : 0);
    const dead = (await countStock(deps, market.productId, new Date())).void;
    expect(dead).toBe(action === "refund" ? 1 : 0);
    expect(await wrongWith(market, id)).toEqual([]);
    expect(await decideCase(deps, one.id, choose("refund"), anna)).toMatchObject({ ok: false, code: "case_closed" });
  }
});

test("a refund of a case voids the very code that it is about, and the buyer keeps the others", async () => {
  const { market, id } = await bought(3, "reveal");
  const [first = "", ...others] = (await now(id)).lines[0]?.tickets ?? [];
  const one = valueOf(await opened(id, doesNotWork({ pieces: [1] })));
  valueOf(await decideCase(deps, one.id, choose("refund"), anna));
  const [line] = (await now(id)).lines;
  expect(line?.tickets).toEqual(others);
  expect(line?.back).toMatchObject({ pieces: 1, void: { tickets: [first] } });
  expect(await wrongWith(market, id)).toEqual([]);
});

test("one key is one case; another wish under it is refused, and so is a second case of the line while one is open", async () => {
  const { id } = await bought(2, "reveal");
  const one = valueOf(await opened(id, doesNotWork({ pieces: [1] }), "k"));
  expect(valueOf(await opened(id, doesNotWork({ pieces: [1] }), "k")).id).toBe(one.id);
  expect(await opened(id, doesNotWork({ pieces: [2] }), "k")).toMatchObject({ code: "idempotency_key_reused" });
  expect(await opened(id, doesNotWork({ pieces: [2] }), "other")).toMatchObject({ code: "case_open" });
  expect((await now(id)).cases).toHaveLength(1);
});

test("what a case is about must be there: a line, a place, a code", async () => {
  const { id } = await bought(1);
  for (const [wish, pointer] of [
    [{ lineId: "9" }, "/lineId"],
    [{ pieces: [2] }, "/pieces/0"],
    [{ codes: [newId("code")] }, "/codes/0"],
  ] as const)
    expect(await opened(id, doesNotWork(wish))).toMatchObject({ code: "invalid_request", errors: [{ pointer }] });
  expect((await now(id)).cases).toBeUndefined();
});

test("without other codes in stock a case waits for a person, and nothing else has changed", async () => {
  const { market, id } = await bought(1, "keep sealed", 0);
  expect(valueOf(await opened(id))).toMatchObject({ state: "waiting", waitsFor: "sold_out" });
  expect((await now(id)).lines[0]?.swapped).toBeUndefined();
  expect(await wrongWith(market, id)).toEqual([]);
});

test("a code that came in the place of another, a dear one, and a buyer's fourth in a month are a person's", async () => {
  const { id } = await bought(1, "keep sealed", 5);
  valueOf(await opened(id));
  expect(valueOf(await opened(id))).toMatchObject({ state: "waiting", waitsFor: "again" });
  const dear = await bought(1, "keep sealed", 1, LIMITS.caseByRuleUpTo + 1);
  expect(valueOf(await opened(dear.id))).toMatchObject({ state: "waiting", waitsFor: "worth" });
  const many = await bought(LIMITS.casesByRulePerBuyer + 1, "keep sealed", 9);
  const states: string[] = [];
  for (let piece = 1; piece <= LIMITS.casesByRulePerBuyer + 1; piece++)
    states.push(valueOf(await opened(many.id, doesNotWork({ pieces: [piece] }))).waitsFor ?? "done");
  expect(states).toEqual([...Array.from({ length: LIMITS.casesByRulePerBuyer }, () => "done"), "too_many"]);
});

test("a decision over the limit takes two people, who decide the same", async () => {
  const { market, id } = await bought(1, "reveal", 1, LIMITS.twoPeopleFrom);
  const one = valueOf(await opened(id));
  expect(valueOf(await decideCase(deps, one.id, choose("refund"), anna)).kind).toBe("proposed");
  expect(await decideCase(deps, one.id, choose("refund"), anna)).toMatchObject({ code: "second_person_required" });
  expect(valueOf(await decideCase(deps, one.id, choose("refund"), ben))).toMatchObject({ case: { state: "refunded" } });
  expect(await wrongWith(market, id)).toEqual([]);
});

test("a case that nobody decides in time is late, and counted each hour; one whose goods went back otherwise ends by itself", async () => {
  const { id } = await bought(1, "reveal");
  const one = valueOf(await opened(id));
  const later = (seconds: number) => ({ ...deps, clock: () => new Date(Date.now() + seconds * 1000) });
  const careLater = (seconds: number) => careCases(later(seconds), (_, error) => expect(error).toBeUndefined());
  expect((await careLater(LIMITS.caseLookSeconds + 5)).late).toBe(0);
  expect((await careLater(LIMITS.caseSeconds + 5)).late).toBeGreaterThanOrEqual(1);
  expect(await readCase(deps, one.id)).toMatchObject({ isLate: true, state: "waiting" });
  const { cases } = await listCases(deps, { isOver: false, limit: 100 });
  expect(cases.map((some) => some.id)).toContain(one.id);
});

test("a dead code can't die twice, and a code of another order can't be declared dead", async () => {
  const { market, id } = await bought(2);
  const other = await bought(1);
  const [ticket = ""] = (await now(id)).lines[0]?.tickets ?? [];
  valueOf(await opened(id, doesNotWork({ pieces: [1] })));
  const [fresh = ""] = await draw(deps, market.productId, 1, new Date());
  const swap = (dead: string) =>
    transact(deps.db, swapWrites(deps, { dead, fresh }, { orderId: id, caseId: newId("case"), now: new Date() }));
  expect(await swap(ticket)).toEqual({ ok: false, failed: [0] });
  expect(await swap((await now(other.id)).lines[0]?.tickets?.[0] ?? "")).toEqual({ ok: false, failed: [0] });
  expect(await wrongWith(market, id)).toEqual([]);
});

test("what was drawn in vain goes back at once: one code is not enough for two", async () => {
  const { market, id } = await bought(2, "keep sealed", 1);
  expect(valueOf(await opened(id))).toMatchObject({ state: "waiting", waitsFor: "sold_out" });
  expect(await countStock(deps, market.productId, new Date())).toMatchObject({ available: 1, returning: 0 });
  await eventually(async () => ((await onSale(deps, market.productId)) === 1 ? true : undefined), "the code on sale");
});

test("compensations stay within the month's budget", async () => {
  const plan = await planCaseSettings(deps, { compensationBudget: 150 });
  valueOf(await writeCaseSettings(deps, plan));
  const answers: string[] = [];
  for (let time = 0; time < 2; time++) {
    const { id } = await bought(1, "reveal");
    const one = valueOf(await opened(id));
    const decided = await decideCase(deps, one.id, choose("compensate"), anna);
    answers.push(decided.ok ? decided.value.case.state : decided.code);
  }
  // What earlier scenes have given away counts too.
  expect(answers.at(-1)).toBe("limit_reached");
  valueOf(await writeCaseSettings(deps, await planCaseSettings(deps, { compensationBudget: null })));
});

test("money goes back by the rule of the version that was bought: in time and unseen, or as the product says", async () => {
  const refund = (id: string) => opened(id, NewCase.parse({ kind: "refund", lineId: "1" }));
  const market = await openMarket(deps, { stock: 1, money: 400 });
  const refundRule = { buyer: "unseen", days: 1 } as const;
  const product = { kind: "code", name: "Test code", price: { amount: 100, currency: "CNY" }, refundRule } as const;
  const { id: productId } = valueOf(await createProduct(deps, product, newId("evt")));
  await putOnSale(deps, productId, makeCodes(3));
  const order = async (goods: "reveal" | "keep sealed", of = productId) =>
    valueOf(await buy(deps, market.channelId, newId("req"), [{ productId: of, quantity: 1 }], goods)).order;
  const before = await order("keep sealed", market.productId);
  // What is changed later does not count for what was bought before.
  valueOf(await createVersion(deps, market.productId, product, newId("evt")));
  expect(valueOf(await refund(before.id))).toMatchObject({ state: "waiting", waitsFor: "not_decided_by_rule" });
  const [unseen, seen, late] = [await order("keep sealed"), await order("reveal"), await order("keep sealed")];
  expect(valueOf(await refund(seen.id))).toMatchObject({ state: "refused", reason: "seen" });
  const tomorrow = { ...deps, clock: () => new Date(Date.now() + 25 * 3600 * 1000) };
  const wish = NewCase.parse({ kind: "refund", lineId: "1" });
  const tooLate = await openCase(tomorrow, late.id, wish, { opener: "buyer", key: "0" });
  expect(valueOf(tooLate)).toMatchObject({ state: "refused", reason: "too_late" });
  const one = valueOf(await refund(unseen.id));
  expect(one).toMatchObject({ state: "acting", decision: { action: "refund", by: "rule:cases" } });
  expect(valueOf(await workOn(deps, one.id))).toMatchObject({ state: "refunded", reason: "by_refund_rule" });
  expect(await now(unseen.id)).toMatchObject({ state: "refunded", refunded: 100 });
  await settleMoney(deps, before.id);
  expect(await wrongWith({ ...market, productId }, unseen.id, seen.id, late.id)).toEqual([]);
});

test("a case that died after it was opened, or decided, is taken up by the schedule", async () => {
  const { market, id } = await bought(1);
  const one = valueOf(await opened(id));
  expect(one.state).toBe("replaced");
  await care();
  expect(await wrongWith(market, id)).toEqual([]);
});
