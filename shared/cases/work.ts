import type { VaultDeps } from "../inventory/bought.ts";
import type { Result } from "../kernel/problem.ts";
import type { DecideDeps } from "../review/decide.ts";
import { refundByRule } from "../review/refund-order.ts";
import { advanceCase, endAs, type Further } from "./advance.ts";
import { askSupplierOfCase } from "./ask.ts";
import type { CaseDeps } from "./deps.ts";
import type { Case } from "./model.ts";

export type WorkDeps = CaseDeps & DecideDeps & VaultDeps;

/** Does for a case all that there is to do now, also what takes more than our own stock: money goes back, suppliers are asked. */
export const workOn = (deps: WorkDeps, caseId: string): Promise<Result<Case>> =>
  advanceCase(deps, caseId, {
    refund: refundBy(deps),
    ask: (order, one) => askSupplierOfCase(deps, order, one),
  });

/** A refund is named by its case, so its repeat finds what the first call made. */
const refundBy =
  (deps: WorkDeps): Further["refund"] =>
  async (order, one, decision) => {
    const codes = one.tickets === undefined ? {} : { codes: one.tickets };
    const refund = { lines: [one.lineId], ...codes, reason: decision.reason, evenIfUnresolved: false };
    const done = await refundByRule(deps, order.id, refund, { by: `case:${one.id}`, cause: one.id });
    if (done.ok) return { kind: "moved", moved: await endAs(deps, done.value, one, decision) };
    switch (done.code) {
      case "payment_disputed":
        return { kind: "disputed" };
      case "not_refundable":
      case "line_settled":
        return { kind: "gone" };
      case "limit_reached":
        return { kind: "limit" };
      default:
        // Much of the order is on its way back, or others change it: the schedule goes on.
        return undefined;
    }
  };
