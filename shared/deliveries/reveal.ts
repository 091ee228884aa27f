import type { Db } from "../aws/dynamo.ts";
import { LIMITS } from "../kernel/limits.ts";
import { type Result, refuse } from "../kernel/problem.ts";
import { type GoodsDeps, type GoodsPage, piecesToSee, revealPage } from "../orders/goods.ts";
import { generationOf } from "../orders/link.ts";
import type { Order } from "../orders/model.ts";
import { countLook } from "./table.ts";

export type RevealDeps = GoodsDeps & Db<"operations">;

/** From where, and in which request, a buyer looks. */
export type Visit = { sourceIp: string; requestId: string };

/**
 * Opens a part of an order's codes for who has its link. The look is on record before they are opened, under the link's number, and
 * counts against the link's limit.
 */
export async function revealByLink(
  deps: RevealDeps,
  order: Order,
  visit: Visit,
  part: { from: number; limit: number },
): Promise<Result<GoodsPage>> {
  if (piecesToSee(order) === 0) return refuse("not_found", "The order has nothing to show.");
  const generation = generationOf(order);
  const endsAt = Math.ceil(Date.parse(order.linkEnds ?? "") / 1000);
  const counts = await countLook(deps, { orderId: order.id, generation }, { most: LIMITS.looksPerLink, endsAt });
  if (!counts) return refuse("limit_reached", "The link has shown the goods too often.");
  return revealPage(deps, order, { keyId: linkName(generation), ...visit }, part);
}

/** What the record of a look calls the link that it came by. */
export const linkName = (generation: number): string => `link-${generation}`;
