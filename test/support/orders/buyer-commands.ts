import { expect } from "vitest";
import { TOTAL } from "../../../shared/inventory/model.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { expireUnpaid } from "../../../shared/orders/expire-unpaid.ts";
import { revealPage } from "../../../shared/orders/goods.ts";
import { payOrder } from "../../../shared/orders/pay.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { type CodeSeen, isOnShelf, type Move, type StockModel } from "../inventory/stock-model.ts";
import { type Command, command, nothing, type Shop, workOn } from "../inventory/stock-shop.ts";

// What buyers do with stock, and what time does with what they leave, for the model of stock.

const LOOKER = { keyId: "key_model", sourceIp: "192.0.2.1", requestId: "req_model" };

/** How many a sale takes of the campaign's pool, and how many it borrows. */
function shares(model: StockModel, shop: Shop, quantity: number, fromCampaign: boolean): [own: number, total: number] {
  const own = fromCampaign ? Math.min(quantity, model.onSaleIn(shop.campaign)) : 0;
  return [own, Math.min(quantity - own, model.onSaleIn(TOTAL))];
}

/** `cart`: the same in two lines, which a large order must not be. */
export type Sale = { quantity: number; fromCampaign: boolean; how: "inline" | "cart" | "large" | "deferred" };

const linesOf = (quantity: number, lines: number): number[] =>
  lines === 1 || quantity === 1 ? [quantity] : [1, quantity - 1];

export const sell = ({ quantity, fromCampaign, how }: Sale): Command =>
  command(`sell ${quantity}${fromCampaign ? " of the campaign" : ""}, ${how}`, async (model, shop) => {
    const pools = fromCampaign ? [shop.campaign, TOTAL] : [TOTAL];
    const [own, borrowed] = shares(model, shop, quantity, fromCampaign);
    const there = own + borrowed;
    const left = pools.reduce((sum, pool) => sum + model.leftIn(pool), 0);
    const isPlaced = how === "large" ? left > 0 : there >= quantity;
    const request: NewOrder = {
      lines: linesOf(quantity, how === "cart" ? 2 : 1).map((one) => ({ productId: shop.productId, quantity: one })),
      payment: { method: how === "deferred" ? "deferred" : "balance" },
      ...(fromCampaign ? { campaign: "spring" } : {}),
      ...(how === "large" ? { acceptLess: true } : {}),
    };
    const placed = await placeOrder(
      shop.deps,
      shop.channelId,
      `order ${model.orders.size + model.refused}`,
      request,
      {},
    );
    expect(placed.ok ? "placed" : placed.code).toBe(isPlaced ? "placed" : "sold_out");
    // Who found holes, and then too few others, gives back what it had, and it is on the shelf again.
    if (!placed.ok) {
      model.refused += 1;
      return nothing;
    }
    const orderId = placed.value.id;
    if (how === "large") await workOn(shop, orderId);
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
      to: "shelf",
    },
  ];
}

export const cancel = (at: number): Command =>
  command(`cancel order ${at}`, async (model, shop) => {
    const [orderId, order] = some(model, at) ?? [];
    if (orderId === undefined || order === undefined) return nothing;
    const cancelled = await cancelOrder(shop.deps, shop.channelId, orderId);
    const isOver = order.state === "over";
    if (order.revealed || order.isPartly || (isOver && !cancelled.ok)) {
      expect(cancelled).toMatchObject({ code: "not_cancellable" });
      return nothing;
    }
    await workOn(shop, orderId);
    const moves = isOver ? [] : givenBack(model, [orderId], order.state === "sold" ? "sold" : "held");
    order.state = "over";
    return { moves };
  });

export const pay = (at: number): Command =>
  command(`pay order ${at}`, async (model, shop) => {
    const unpaid = [...model.orders].filter(([, { state }]) => state === "unpaid");
    const [orderId, order] = unpaid.at(at % Math.max(1, unpaid.length)) ?? [];
    if (orderId === undefined || order === undefined) return nothing;
    expect(await payOrder(shop.deps, shop.channelId, orderId)).toMatchObject({ value: { state: "fulfilled" } });
    order.state = "sold";
    const from = (code: CodeSeen): boolean => code.where === "held" && code.orderId === orderId;
    return { moves: [{ count: model.count(from), from, to: "sold", orderId }] };
  });

export const expire = (): Command =>
  command("let what is unpaid expire", async (model, shop) => {
    const unpaid = [...model.orders].filter(([, { state }]) => state === "unpaid").map(([id]) => id);
    const later = new Date(Date.now() + (LIMITS.unpaidSeconds + 1) * 1000);
    await expireUnpaid({ ...shop.deps, clock: () => later });
    const moves = givenBack(model, unpaid, "held");
    for (const id of unpaid) {
      const order = model.orders.get(id);
      if (order !== undefined) order.state = "over";
    }
    return { moves };
  });

export const reveal = (at: number): Command =>
  command(`look at order ${at}`, async (model, shop) => {
    const [orderId, known] = some(model, at) ?? [];
    const order = orderId === undefined ? undefined : await readOrder(shop.deps, orderId);
    if (orderId === undefined || order === undefined) return nothing;
    const page = await revealPage(shop.deps, order, LOOKER, { from: 0, limit: 1000 });
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
