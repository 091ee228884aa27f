import { expect, test } from "vitest";
import { stockLeft } from "../../../shared/inventory/availability.ts";
import { listBatches } from "../../../shared/inventory/batches.ts";
import { changePool } from "../../../shared/inventory/change-pool.ts";
import { closeBatch, voidExpired } from "../../../shared/inventory/closing.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { allDirectories, readDirectory, setDirectory } from "../../../shared/inventory/directory.ts";
import { findCode, voidCode } from "../../../shared/inventory/find-code.ts";
import { giveBack } from "../../../shared/inventory/give-back.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { setLanes } from "../../../shared/inventory/lanes.ts";
import { tellLevels } from "../../../shared/inventory/levels.ts";
import { placeOf, TOTAL } from "../../../shared/inventory/model.ts";
import { listPools, poolsFor, setPool, showPool } from "../../../shared/inventory/pools.ts";
import { readRange } from "../../../shared/inventory/ranges.ts";
import { sellSlot } from "../../../shared/inventory/slots.ts";
import { sweepProduct } from "../../../shared/inventory/sweep.ts";
import { transfer } from "../../../shared/inventory/transfer.ts";
import { verifyStock } from "../../../shared/inventory/verify.ts";
import { after } from "../../../shared/kernel/clock.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { fakeBus } from "../../support/engine/fake-aws.ts";
import { violations } from "../../support/orders/invariants.ts";
import { codeProduct, draw, openMarket, putOnSale, sweepUntilQuiet } from "../../support/orders/market.ts";
import { eventually, makeCodes } from "../../support/orders/shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// Stock set aside, cut, closed and looked through.

const { deps } = await sceneGround();

const holdsLater = (holds: number): Date => new Date(after(new Date(), holds * (LIMITS.holdSeconds + 1)));

const anna = { channelId: "chan_anna" };
const spring = { channelId: "chan_anna", campaign: "spring" };
const ben = { channelId: "chan_ben" };

async function withPools(stock: number): Promise<{ productId: string; annas: string; springs: string }> {
  const productId = await codeProduct(deps);
  await putOnSale(deps, productId, makeCodes(stock));
  const owner = { kind: "channel", subject: anna.channelId } as const;
  const { pool: annas } = await setPool(deps, productId, owner, "stop");
  const campaign = { kind: "campaign", subject: "spring" } as const;
  const { pool: springs } = await setPool(deps, productId, campaign, "borrow");
  return { productId, annas, springs };
}

test("a buyer draws from its own pool; when that is empty it stops or borrows, as the pool says", async () => {
  const { productId, annas, springs } = await withPools(30);
  expect(await transfer(deps, productId, TOTAL, annas, 5)).toMatchObject({ value: { quantity: 5, ranges: 1 } });
  expect(await transfer(deps, productId, TOTAL, springs, 4)).toMatchObject({ ok: true });
  const now = new Date();
  expect(await draw(deps, productId, 9, now, anna)).toHaveLength(5);
  expect(await draw(deps, productId, 9, now, spring)).toHaveLength(9);
  expect(await draw(deps, productId, 99, now, ben)).toHaveLength(16);
  expect(await poolsFor(deps, productId, ben)).toEqual([TOTAL]);
  // What nobody used comes back to the pool that it was drawn from.
  await sweepUntilQuiet(deps, productId);
  const left = (buyer: typeof ben) => stockLeft(deps, productId, buyer, holdsLater(5), 99);
  expect([await left(anna), await left(spring), await left(ben)]).toEqual([5, 25, 21]);
  expect(await violations(deps, { products: [productId] })).toEqual([]);
  expect(await verifyStock(deps, productId, new Date())).toMatchObject({ differences: [] });
});

test("every product has the total, and its pools are listed a page at a time", async () => {
  const productId = await codeProduct(deps);
  const names = async (limit: number, after?: string) => {
    const { pools: page, next } = await listPools(deps, productId, limit, after);
    return { names: page.map(({ pool }) => pool), next };
  };
  expect(await names(2)).toEqual({ names: [TOTAL], next: null });
  expect(await changePool(deps, productId, "total", { lanes: 4, lowBelow: 2 })).toMatchObject({
    value: { lanes: 4 },
  });
  const made = await Promise.all(
    ["a", "b", "c"].map(
      async (subject) => (await setPool(deps, productId, { kind: "campaign", subject }, "stop")).pool,
    ),
  );
  const seen: string[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const page = await names(1, after);
    seen.push(...page.names);
    after = page.next;
  }
  expect(seen).toEqual([TOTAL, ...made.toSorted()]);
});

test("what came back is cut off at its head, and whole ranges move by their label", async () => {
  const { productId, annas } = await withPools(6);
  await draw(deps, productId, 6, new Date());
  await sweepUntilQuiet(deps, productId);
  expect(await transfer(deps, productId, TOTAL, annas, 2)).toMatchObject({ value: { quantity: 2, ranges: 1 } });
  // What was cut off is nothing that the sweeper of the rest takes for lost.
  await sweepUntilQuiet(deps, productId);
  const { rows } = await countStock(deps, productId, new Date());
  expect(Object.fromEntries(rows.map(({ pool, available }) => [pool, available]))).toEqual({ [annas]: 2, total: 4 });
  expect(await transfer(deps, productId, TOTAL, annas, undefined)).toMatchObject({ value: { quantity: 4 } });
  expect(await transfer(deps, productId, TOTAL, annas, 1)).toMatchObject({ code: "sold_out" });
  const tickets = await draw(deps, productId, 6, new Date(), anna);
  expect(tickets).toHaveLength(6);
  expect(tickets.map((ticket) => placeOf(ticket).pool)).toEqual(Array.from(tickets, () => annas));
  for (const ticket of tickets) await giveBack(deps, ticket, "anyone");
  await sweepUntilQuiet(deps, productId);
  expect(await violations(deps, { products: [productId] })).toEqual([]);
  expect((await countStock(deps, productId, new Date())).rows).toMatchObject([{ pool: annas, available: 6 }]);
});

test("lanes share the buyers of one expiry, and all of the stock", async () => {
  const productId = await codeProduct(deps);
  await putOnSale(deps, productId, makeCodes(40));
  expect(await setLanes(deps, productId, TOTAL, 4)).toMatchObject({ value: 3 });
  expect(await setLanes(deps, productId, TOTAL, 4)).toMatchObject({ value: 0 });
  await putOnSale(deps, productId, makeCodes(8));
  const { ranges } = await readDirectory(deps, productId);
  expect(ranges).toHaveLength(8);
  const lengths = (await Promise.all(ranges.map(({ id }) => readRange(deps, id)))).map((range) => range?.left);
  expect(lengths.filter((length) => length === 10)).toHaveLength(4);
  expect(lengths.filter((length) => length === 2)).toHaveLength(4);
  expect(new Set(await draw(deps, productId, 48, new Date())).size).toBe(48);
});

test("a frozen batch or pool sells nothing until it is thawed; a void one never again", async () => {
  const { productId } = await withPools(4);
  const { batches } = await listBatches(deps, productId, undefined);
  const batchId = batches[0]?.batchId ?? "";
  const close = async (state: "open" | "frozen" | "void") => closeBatch(deps, productId, batchId, state);
  const drawn = async (now = new Date()) => (await draw(deps, productId, 1, now)).length;
  const [late = ""] = await draw(deps, productId, 1, new Date());
  expect(await close("frozen")).toMatchObject({ value: { ranges: 1, codes: 3, kept: 0 } });
  expect(await drawn()).toBe(0);
  await close("open");
  await eventually(async () => (await drawn(holdsLater(1))) === 1 || undefined, "the thaw noticed");
  await setDirectory(deps, productId, TOTAL, { frozen: true });
  expect(await drawn(holdsLater(2))).toBe(0);
  await setDirectory(deps, productId, TOTAL, { frozen: false });
  expect(await close("void")).toMatchObject({ value: { ranges: 1, codes: 2 } });
  for (const state of ["open", "frozen"] as const) expect(await close(state)).toMatchObject({ code: "batch_void" });
  expect(await close("void")).toMatchObject({ value: { ranges: 0 } });
  expect(await drawn(holdsLater(3))).toBe(0);
  expect(await closeBatch(deps, productId, "batch_none", "void")).toMatchObject({ code: "not_found" });
  // What is given back to a void batch is void where it lies.
  await giveBack(deps, late, "anyone");
  await sweepUntilQuiet(deps, productId);
  expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 4, available: 0, void: 4 });
  expect(await violations(deps, { products: [productId] })).toEqual([]);
});

test("frozen and void stock is shown as that: in counts, pools and batches", async () => {
  const productId = await codeProduct(deps);
  await putOnSale(deps, productId, makeCodes(3));
  await putOnSale(deps, productId, makeCodes(2));
  const shown = async () => {
    const { batches } = await listBatches(deps, productId, undefined);
    const total = await showPool(deps, await readDirectory(deps, productId));
    const { available, frozen, void: voided } = await countStock(deps, productId, new Date());
    const states = batches.map((batch) => [batch.imported, batch.state, batch.left, batch.leftFrozen, batch.leftVoid]);
    const pool = [total.left, total.leftFrozen, total.leftVoid];
    return { states: new Set(states.map(String)), pool, count: [available, frozen, voided] };
  };
  const states = (...all: string[]): Set<string> => new Set(all);
  const { batches } = await listBatches(deps, productId, undefined);
  const three = batches.find(({ imported }) => imported === 3)?.batchId ?? "";
  const all = [5, 0, 0];
  const open = { states: states("3,open,3,0,0", "2,open,2,0,0"), pool: all, count: all };
  expect(await shown()).toEqual(open);
  await closeBatch(deps, productId, three, "frozen");
  const some = [2, 3, 0];
  expect(await shown()).toEqual({ states: states("3,frozen,0,3,0", "2,open,2,0,0"), pool: some, count: some });
  await setDirectory(deps, productId, TOTAL, { frozen: true });
  const none = [0, 5, 0];
  expect(await shown()).toMatchObject({ states: states("3,frozen,0,3,0", "2,open,2,0,0"), pool: none, count: none });
  await setDirectory(deps, productId, TOTAL, { frozen: false });
  await closeBatch(deps, productId, three, "void");
  const left = [2, 0, 3];
  expect(await shown()).toEqual({ states: states("3,void,0,0,3", "2,open,2,0,0"), pool: left, count: left });
  expect(await violations(deps, { products: [productId] })).toEqual([]);
});

test("codes expire at the ticket and at the sale, and are void when somebody says so", async () => {
  const productId = await codeProduct(deps);
  const [a, b] = makeCodes(2);
  const soon = after(new Date(), LIMITS.minimumValiditySeconds + 60);
  await importCodes(deps, productId, `secret,expiresAt\n${a},${soon}\n${b},2098-12-31\n`, { dryRun: false });
  const [first = "", second = ""] = await draw(deps, productId, 2, new Date());
  const expired = new Date(after(new Date(soon), 1));
  expect(await sellSlot(deps, first, newId("ord"), expired)).toBeUndefined();
  const orderId = newId("ord");
  expect(await sellSlot(deps, second, orderId, expired)).toMatchObject({ state: "sold", orderId });
  expect(await sellSlot(deps, second, orderId, new Date("2099-01-01"))).toMatchObject({ state: "sold" });
  expect(await voidExpired(deps, productId, expired)).toMatchObject({ ranges: 1, codes: 0 });
  expect(await countStock(deps, productId, expired)).toMatchObject({ sold: 1, void: 1, available: 0 });
});

test("one code is found wherever it lies by now, and voided unless an order has it", async () => {
  const productId = await codeProduct(deps);
  const [kept = "", bad = ""] = makeCodes(2);
  await putOnSale(deps, productId, [kept, bad]);
  const [ticket = ""] = await draw(deps, productId, 1, new Date());
  await giveBack(deps, ticket, "anyone");
  await sweepUntilQuiet(deps, productId);
  const found = await findCode(deps, productId, { secret: kept });
  expect(found).toMatchObject({ value: { state: "available", ticket: expect.stringMatching(/r:0$/) as string } });
  expect(await voidCode(deps, productId, { secret: bad })).toMatchObject({ value: { state: "void" } });
  expect(await voidCode(deps, productId, { secret: bad })).toMatchObject({ value: { state: "void" } });
  expect(await findCode(deps, productId, { secret: "never seen" })).toMatchObject({ code: "not_found" });
  const [mine = ""] = (await draw(deps, productId, 2, holdsLater(5))).filter((one) => one.includes("r:"));
  await sellSlot(deps, mine, "ord_mine", new Date());
  expect(await voidCode(deps, productId, { secret: kept })).toMatchObject({ code: "code_taken" });
});

test("low and sold out are told once for each time that it becomes so", async () => {
  const { productId } = await openMarket(deps, { stock: 3, money: 0 });
  const { events, told } = fakeBus();
  const look = async () => {
    await Promise.all([1, 2].map(() => tellLevels({ ...deps, events, eventBusName: "bus" }, productId, new Date())));
    return new Set(told.splice(0));
  };
  await setDirectory(deps, productId, TOTAL, { lowBelow: 3 });
  expect((await look()).size).toBe(0);
  const drawn = await draw(deps, productId, 1, new Date());
  expect([...(await look())]).toEqual([expect.stringMatching(/^stock.low/)]);
  expect((await look()).size).toBe(0);
  drawn.push(...(await draw(deps, productId, 2, new Date())));
  expect([...(await look())]).toEqual([expect.stringMatching(/^stock.sold_out/)]);
  for (const ticket of drawn) await giveBack(deps, ticket, "anyone");
  await sweepUntilQuiet(deps, productId);
  expect([...(await look())]).toEqual([expect.stringMatching(/^stock.replenished/)]);
  expect((await look()).size).toBe(0);
  await draw(deps, productId, 1, holdsLater(6));
  expect([...(await look())]).toEqual([expect.stringMatching(/^stock.low/)]);
});

test("an empty range of returns leaves the directory, and is listed again with the next code that comes back", async () => {
  const { productId } = await openMarket(deps, { stock: 2, money: 0 });
  const [ticket = ""] = await draw(deps, productId, 2, new Date());
  await giveBack(deps, ticket, "anyone");
  await sweepUntilQuiet(deps, productId);
  const [again = "", other = ""] = await draw(deps, productId, 2, holdsLater(5));
  for (const one of [again, other]) await sellSlot(deps, one, "ord_mine", new Date());
  for (let hold = 5; hold < 9; hold++) await sweepProduct(deps, productId, holdsLater(hold));
  expect(await allDirectories(deps, productId)).toMatchObject([{ ranges: [] }]);
  await giveBack(deps, again, { orderId: "ord_mine" });
  await sweepUntilQuiet(deps, productId);
  expect(await draw(deps, productId, 2, holdsLater(10))).toHaveLength(1);
  expect(await countStock(deps, productId, new Date())).toMatchObject({ sold: 1, available: 1 });
});
