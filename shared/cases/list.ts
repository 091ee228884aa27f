import type { Db } from "../aws/dynamo.ts";
import { pageOfList } from "../aws/listed.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { readOrder } from "../orders/table.ts";
import type { Case } from "./model.ts";
import { CLOSED, cases, OPEN, readCase } from "./table.ts";

/** Where a page of cases ends. */
export const CASE_PLACE = /^\d{4}-[\dT:.-]+Z#case_[0-9a-z]{26}$/;

/** Reads a page of the cases that have not ended, those that are due first; or of those that have, the newest first. */
export async function listCases(
  deps: Db<"operations">,
  { isOver, limit, after }: { isOver: boolean; limit: number; after?: string | undefined },
): Promise<{ cases: Case[]; next: string | null }> {
  const { items, next } = await pageOfList(deps, isOver ? CLOSED : OPEN, { limit, after, newestFirst: isOver });
  return { cases: items.map(cases.read), next };
}

/** Reads the cases of a channel's order, the oldest first. */
export async function casesOf(
  deps: Db<"orders" | "operations">,
  channelId: string,
  orderId: string,
): Promise<Result<Case[]>> {
  const order = await readOrder(deps, orderId);
  if (order?.channelId !== channelId) return refuse("not_found", "There is no such order.");
  const found = await Promise.all((order.cases ?? []).map(({ id }) => readCase(deps, id)));
  return ok(found.filter((one) => one !== undefined));
}

/** Reads one case of a channel's order. */
export async function caseOf(
  deps: Db<"operations">,
  channelId: string,
  orderId: string,
  caseId: string,
): Promise<Result<Case>> {
  const one = await readCase(deps, caseId);
  if (one?.channelId !== channelId || one.orderId !== orderId) return refuse("not_found", "There is no such case.");
  return ok(one);
}
