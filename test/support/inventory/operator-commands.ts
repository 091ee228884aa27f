import { expect } from "vitest";
import { Generation, generator } from "../../../shared/imports/generate.ts";
import { generateCodes } from "../../../shared/imports/requests.ts";
import { runImport } from "../../../shared/imports/run.ts";
import { closeBatch } from "../../../shared/inventory/closing.ts";
import { setDirectory } from "../../../shared/inventory/directory.ts";
import { findCode, voidCode } from "../../../shared/inventory/find-code.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { setLanes } from "../../../shared/inventory/lanes.ts";
import { TOTAL } from "../../../shared/inventory/model.ts";
import { transfer } from "../../../shared/inventory/transfer.ts";
import { sweepUntilQuiet } from "../orders/market.ts";
import { CODE_MARK } from "./codes.ts";
import { type CodeSeen, isOnShelf, type StockModel } from "./stock-model.ts";
import { type Command, command, look, nothing } from "./stock-shop.ts";

// What operators and the schedule do with stock, for the model of stock.

/** Files overlap: a code may be in several. */
export const importFile = (from: number, count: number, dryRun: boolean): Command =>
  command(`import ${dryRun ? "for trial " : ""}codes ${from} to ${from + count - 1}`, async (model, shop) => {
    const codes = Array.from({ length: count }, (_, index) => `${CODE_MARK}-STOCK-${from + index}`);
    const fresh = codes.filter((code) => !model.secrets.has(code));
    const text = ["secret,number", ...codes.map((code) => `${code},${code}`)].join("\n");
    const report = await importCodes(shop.deps, shop.productId, text, { dryRun });
    expect(report).toMatchObject({ ok: true, value: { imported: fresh.length } });
    if (dryRun) return nothing;
    for (const code of fresh) model.secrets.add(code);
    return { moves: [], born: fresh.length };
  });

/** Our own codes. The same key makes them once, and other ones never. */
export const generate = (key: string, count: number): Command =>
  command(`generate ${count} codes as ${key}`, async (model, shop) => {
    const generation = Generation.parse({ count });
    const asked = await generateCodes(shop.deps, shop.productId, generation, key);
    const isOther = (model.generations.get(key) ?? count) !== count;
    if (isOther) expect(asked).toMatchObject({ code: "idempotency_key_reused" });
    if (!asked.ok) return nothing;
    const { importId } = asked.value;
    expect(await runImport(shop.deps, importId, () => true)).toBe("over");
    if (model.generations.has(key)) return nothing;
    model.generations.set(key, count);
    const codeAt = await generator(shop.deps, asked.value, generation.template);
    for (let number = 1; number <= count; number++) model.secrets.add(codeAt(number));
    return { moves: [], born: count };
  });

export const sweep = (): Command =>
  command("sweep", async (model, shop) => {
    await sweepUntilQuiet(shop.deps, shop.productId);
    const from = ({ where }: CodeSeen): boolean => where === "returning";
    return { moves: [{ count: model.count(from), from, to: "shelf" }] };
  });

/** `undefined`: whatever there is, by new labels for whole ranges, which take along what is on its way back to them. */
export const move = (toCampaign: boolean, quantity: number | undefined): Command =>
  command(`move ${quantity ?? "all"} ${toCampaign ? "to" : "from"} the campaign`, async (model, shop) => {
    const [from, to] = toCampaign ? [TOTAL, shop.campaign] : [shop.campaign, TOTAL];
    const isMeant = (code: CodeSeen): boolean => isOnShelf(code, from);
    const there = model.count(isMeant);
    const left = model.onCountersOf(from);
    const expected = quantity === undefined ? left : left < quantity ? 0 : quantity;
    const moved = await transfer(shop.deps, shop.productId, from, to, quantity);
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

export const close = (at: number, state: "frozen" | "open" | "void"): Command =>
  command(`make the batch of code ${at} ${state}`, async (model, shop) => {
    const batchId = batchOf(model, at);
    const closed = await closeBatch(shop.deps, shop.productId, batchId, state);
    const isVoid = model.voidBatches.has(batchId);
    if (isVoid && state !== "void") expect(closed).toMatchObject({ code: "batch_void" });
    else expect(closed.ok).toBe(model.seen.size > 0);
    if (!isVoid && state === "frozen") model.frozenBatches.add(batchId);
    else model.frozenBatches.delete(batchId);
    if (state !== "void" || isVoid) return nothing;
    model.voidBatches.add(batchId);
    const from = (code: CodeSeen): boolean =>
      code.batchId === batchId && (code.where === "shelf" || code.where === "returning");
    return { moves: [{ count: model.count(from), from, to: "void" }] };
  });

/** What comes of voiding a code, by where it is: an order's code is not ours to void. */
const VOIDED = {
  nowhere: "not_found",
  shelf: "void",
  returning: "void",
  void: "void",
  held: "code_taken",
  sold: "code_taken",
} as const;

export const voidOne = (number: number): Command =>
  command(`void code ${number}`, async (model, { deps, productId }) => {
    const secret = `${CODE_MARK}-STOCK-${number}`;
    const found = await findCode(deps, productId, { secret, number: secret });
    const voided = await voidCode(deps, productId, { secret, number: secret });
    expect(found.ok).toBe(model.secrets.has(secret));
    const codeId = found.ok ? found.value.codeId : "";
    const where = model.seen.get(codeId)?.where ?? "nowhere";
    expect(voided.ok ? voided.value.state : voided.code).toBe(VOIDED[where]);
    if (where !== "shelf" && where !== "returning") return nothing;
    return { moves: [{ count: 1, from: (_code, id) => id === codeId, to: "void" }] };
  });

export const freezePool = (ofCampaign: boolean, frozen: boolean): Command =>
  command(`${frozen ? "freeze" : "thaw"} the ${ofCampaign ? "campaign's" : "total"} pool`, async (model, shop) => {
    const pool = ofCampaign ? shop.campaign : TOTAL;
    await setDirectory(shop.deps, shop.productId, pool, { frozen });
    if (frozen) model.frozenPools.add(pool);
    else model.frozenPools.delete(pool);
    return nothing;
  });

export const cutLanes = (lanes: number): Command =>
  command(`cut into ${lanes} lanes`, async (_model, shop) => {
    await setLanes(shop.deps, shop.productId, TOTAL, lanes);
    return nothing;
  });
