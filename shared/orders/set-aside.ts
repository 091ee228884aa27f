import type { NotDebited } from "../ledger/debit.ts";
import { balance } from "../payments/balance.ts";
import type { OrderDeps } from "./deps.ts";
import type { Order } from "./model.ts";
import { chargeOf } from "./payers.ts";

/** An order's pending: under which nonce, in which lane, and whether this call has made it. */
export type SetAside = { ok: true; nonce: string; lane: number; mine: boolean };

/** Sets the balance's part of an order aside, which is nothing where its buyer pays all of it elsewhere. A refusal says why. */
export async function setAside(deps: OrderDeps, order: Order): Promise<SetAside | NotDebited> {
  const paid = await balance(deps).start(chargeOf(order));
  switch (paid.kind) {
    case "stands":
      return { ok: true, nonce: paid.nonce, lane: paid.lane ?? 0, mine: paid.mine };
    case "refused":
      return { ok: false, why: paid.reason === "other_amount" ? "other_amount" : "short" };
    case "not_sent":
    case "pending":
    case "unknown":
      return { ok: false, why: "busy" };
  }
}

/** The first lane is the one that an order names by naming none. */
export const laneNamed = (lane: number): number | undefined => (lane === 0 ? undefined : lane);
