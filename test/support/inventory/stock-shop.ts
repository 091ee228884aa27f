import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type * as fc from "fast-check";
import { expect, vi } from "vitest";
import { createProduct } from "../../../shared/catalog/products.ts";
import { planOrder } from "../../../shared/fulfilment/step.ts";
import type { ImportQueue } from "../../../shared/imports/requests.ts";
import type { RunDeps } from "../../../shared/imports/run.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { allDirectories } from "../../../shared/inventory/directory.ts";
import { type PoolId, TOTAL } from "../../../shared/inventory/model.ts";
import { setPool } from "../../../shared/inventory/pools.ts";
import { allRanges } from "../../../shared/inventory/ranges.ts";
import { slotStates } from "../../../shared/inventory/slots.ts";
import { verifyStock } from "../../../shared/inventory/verify.ts";
import type { Domain } from "../engine/domain.ts";
import { giveMoney } from "../orders/market.ts";
import { type CodeSeen, type Move, nameInRows, type StockModel, type StockSeen } from "./stock-model.ts";

export type StockDeps = Domain & RunDeps & ImportQueue;

/** The real thing: one product with a pool for a campaign, one channel, and every code that was ever shown, with its order. */
export type Shop = {
  deps: StockDeps;
  productId: string;
  channelId: string;
  campaign: PoolId;
  shown: Map<string, string>;
};

/** The only shop in its tables: its names are always the same, for an order's name decides which lane it draws from. */
export async function openShop(deps: StockDeps): Promise<Shop> {
  const channelId = "chan_model";
  const price = { amount: 100, currency: "CNY" };
  const product = await createProduct(deps, { kind: "code", name: "Model", price }, "model");
  if (!product.ok) throw new Error(product.detail);
  const { id: productId } = product.value;
  await giveMoney(deps, channelId, 10_000_000);
  const { pool } = await setPool(deps, productId, { kind: "campaign", subject: "spring" }, "borrow");
  return { deps, productId, channelId, campaign: pool, shown: new Map() };
}

/** Sends one call after the other, in the order in which they were asked for: what happens at once would not happen again. */
export function oneAtATime(db: DynamoDBDocumentClient): DynamoDBDocumentClient {
  const send = db.send.bind(db) as (...args: unknown[]) => Promise<unknown>;
  let last: Promise<unknown> = Promise.resolve();
  const queued = (...args: unknown[]): Promise<unknown> => {
    const answer = last.then(() => send(...args));
    last = answer.catch(() => undefined);
    return answer;
  };
  return Object.assign(db, { send: queued });
}

/** Where each code is, by the slots and the ranges around them. */
export async function look({ deps, productId }: Shop): Promise<StockSeen> {
  const listed = new Set((await allDirectories(deps, productId)).flatMap(({ ranges }) => ranges.map(({ id }) => id)));
  const seen = new Map<string, CodeSeen>();
  for await (const range of allRanges(deps, productId)) {
    const { id, slab, first, head, tail, next, batchId, pool, state, orderId: owner } = range;
    for await (const slot of slotStates(deps, slab, first, next ?? tail)) {
      if (slot.codeId === undefined || slot.state === "moved") continue;
      if (seen.has(slot.codeId)) throw new Error(`${slab}:${slot.number} has a code that lies elsewhere too`);
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

/** What a command has changed: codes that were there, and how many are new. */
export type Outcome = { moves: Move[]; born?: number };
export const nothing: Outcome = { moves: [] };
export type Command = fc.AsyncCommand<StockModel, Shop>;

/** Each takes a few seconds of the test's own time, so that nothing known of the last one is still believed. */
export function command(name: string, run: (model: StockModel, shop: Shop) => Promise<Outcome>): Command {
  return {
    check: () => true,
    run: async (model, shop) => {
      vi.setSystemTime(Date.now() + 5_000);
      const { moves, born = 0 } = await run(model, shop);
      expect(model.accept(await look(shop), moves, born)).toEqual([]);
      await expectCounted(model, shop);
    },
    toString: () => name,
  };
}

/** The operator's own counts say the same, for each batch in each pool; and slots and counters agree. */
async function expectCounted(model: StockModel, { deps, productId }: Shop): Promise<void> {
  const { imported, rows } = await countStock(deps, productId, new Date());
  const counted = rows.map(({ pool, batchId, expired: _none, returning: _either, frozen, available, ...counts }) => {
    const isFrozen = model.frozenBatches.has(batchId) || model.frozenPools.has(pool === "total" ? TOTAL : pool);
    expect(isFrozen ? available : frozen).toBe(0);
    return [nameInRows(pool, batchId), { available: available + frozen, ...counts }];
  });
  expect({ imported, rows: Object.fromEntries(counted) as object }).toEqual({
    imported: model.seen.size,
    rows: model.rows(),
  });
  expect((await verifyStock(deps, productId, new Date())).differences).toEqual([]);
}

/** The workflow, as far as it concerns stock: it plans until there is nothing left to plan. */
export async function workOn({ deps }: Shop, orderId: string): Promise<void> {
  while ((await planOrder(deps, orderId)).step === "plan");
}
