import { recorded } from "../audit/records.ts";
import type { ProductVersion } from "../catalog/model.ts";
import { findVersion } from "../catalog/products.ts";
import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { isEnd } from "../orders/cases.ts";
import { isDisputed } from "../orders/disputed.ts";
import type { Order } from "../orders/model.ts";
import { readOrder } from "../orders/table.ts";
import { countWrite, readCount } from "./counts.ts";
import type { CaseDeps } from "./deps.ts";
import { type Case, type CaseDecision, END_OF, nextLook } from "./model.ts";
import { type MovedCase, moveCase } from "./move.ts";
import { type Acted, givePieces, livingOf, replaceCodes } from "./replace.ts";
import { decidedByRule, judge, THE_RULE, type Verdict } from "./rules.ts";
import { readCaseSettings } from "./settings.ts";
import { readCase } from "./table.ts";

/** Does what a case needs that takes more than our own stock: money back, a question to a supplier. Undefined: that is another's to do. */
export type Further = {
  /** Undefined: not now. */
  refund: (order: Order, one: Case, decision: CaseDecision) => Promise<Acted | undefined>;
  /** Puts a question that is due. What it changes is written when it returns. */
  ask: (order: Order, one: Case) => Promise<void>;
};

/**
 * Does everything for a case that can be done now: has a rule judge it, and does what was decided. Idempotent, safe to run concurrently,
 * from any state, and safe to interrupt. Returns the case as it is then. What `further` leaves is for the schedule.
 */
export async function advanceCase(deps: CaseDeps, caseId: string, further?: Further): Promise<Result<Case>> {
  for (let turn = 0; turn < LIMITS.triesPerCase; turn++) {
    const one = await readCase(deps, caseId);
    const order = one === undefined ? undefined : await readOrder(deps, one.orderId);
    if (one === undefined || order === undefined) return refuse("not_found", "There is no such case.");
    const { state, decision } = one;
    if (isEnd(state)) return ok(one);
    if (state === "acting" && decision !== undefined) {
      const acted = await act(deps, order, one, decision, further);
      if (acted === undefined) return ok(one);
      await settle(deps, order, one, acted);
      continue;
    }
    if (isGone(order, one)) await endAsRefunded(deps, order, one);
    else if (state === "open") await judgeCase(deps, order, one);
    else if (state === "asking" && further !== undefined && isDue(deps, one)) await further.ask(order, one);
    else return ok(one);
  }
  return refuse("busy", "The order changes too fast; look again.");
}

const isDue = ({ clock }: CaseDeps, { dueAt = "" }: Case): boolean => dueAt <= clock().toISOString();

/** What a case is about went back in another way. */
const isGone = (order: Order, one: Case): boolean => one.tickets !== undefined && livingOf(order, one).length === 0;

const endAsRefunded = (deps: CaseDeps, order: Order, one: Case): Promise<MovedCase> =>
  moveCase(deps, order, one, {
    state: "refunded",
    reason: "refunded_otherwise",
    endedAt: deps.clock().toISOString(),
    waitsFor: undefined,
  });

async function judgeCase(deps: CaseDeps, order: Order, one: Case): Promise<void> {
  const now = deps.clock();
  const count = await readCount(deps, order, now);
  const facts = {
    kind: one.kind,
    refundRule: await refundRuleOf(deps, order, one),
    paidAt: order.fundedAt ?? order.placedAt,
    now,
    // A top-up is on its account, which is as good as seen.
    isSeen: order.revealed !== undefined || one.tickets === undefined,
    worth: one.worth,
    isAgain: wasReplacedBefore(order, one),
    byRuleBefore: count.at.length,
    boughtFrom: boughtFrom(order, one),
    isDisputed: await isDisputed(deps, order),
  };
  const verdict = judge(facts, await readCaseSettings(deps));
  switch (verdict.kind) {
    case "person":
      await moveCase(deps, order, one, {
        state: "waiting",
        waitsFor: verdict.waitsFor,
        dueAt: nextLook(one, deps.clock()),
      });
      return;
    case "ask": {
      const asked = { supplierId: verdict.supplierId, times: 0 };
      await moveCase(deps, order, one, { state: "asking", asked, dueAt: now.toISOString() });
      return;
    }
    case "act":
      await decideByRule(deps, order, one, verdict, countWrite(deps, order, count, now));
  }
}

/** Reads what the buyer may have back, by the version that was bought: the first one, if an operator has replaced it. */
async function refundRuleOf(deps: CaseDeps, { lines }: Order, { lineId }: Case): Promise<ProductVersion["refundRule"]> {
  const line = lines.find(({ id }) => id === lineId);
  const bought = line?.replaced?.[0] ?? line;
  if (bought === undefined) return undefined;
  return (await findVersion(deps, bought.productId, bought.productVersion))?.refundRule;
}

/** A rule's decision is on record before it counts. */
async function decideByRule(
  deps: CaseDeps,
  order: Order,
  one: Case,
  verdict: Extract<Verdict, { kind: "act" }>,
  counting: ReturnType<typeof countWrite>,
): Promise<void> {
  const now = deps.clock();
  const { action, reason } = verdict;
  const entry = {
    subject: order.id,
    at: now.toISOString(),
    action: `case_${action}`,
    by: THE_RULE,
    requestId: one.id,
    what: { case: one.id, line: one.lineId, reason },
    before: { state: one.state },
  };
  await recorded(deps, entry, async () => {
    const decision = decidedByRule(verdict, now);
    const change = { state: "acting", decision, dueAt: after(now, LIMITS.caseLeftSeconds) } as const;
    const moved = await moveCase(deps, order, one, change, { writes: [counting] });
    return moved.ok ? ok(moved) : refuse("changed_meanwhile", "The order has changed.");
  });
}

/** Gives the supplier that has delivered all that a case is about, if it can be asked about that order of ours. */
function boughtFrom({ lines }: Order, { lineId, tickets = [] }: Case): string | undefined {
  const { attempt, swapped } = lines.find(({ id }) => id === lineId) ?? {};
  const isTheirs = tickets.length > 0 && tickets.every((ticket) => swapped?.fresh.includes(ticket) !== true);
  return attempt?.supplierOrderId !== undefined && isTheirs ? attempt.supplierId : undefined;
}

/** Tells whether one of a case's codes has come in the place of another that did not work. */
const wasReplacedBefore = ({ lines }: Order, { lineId, tickets = [] }: Case): boolean => {
  const fresh = lines.find(({ id }) => id === lineId)?.swapped?.fresh ?? [];
  return tickets.some((ticket) => fresh.includes(ticket));
};

async function act(
  deps: CaseDeps,
  order: Order,
  one: Case,
  decision: CaseDecision,
  further: Further | undefined,
): Promise<Acted | undefined> {
  switch (decision.action) {
    case "replace":
      return (await isDisputed(deps, order)) ? { kind: "disputed" } : replaceCodes(deps, order, one, decision);
    case "compensate":
      return (await isDisputed(deps, order)) ? { kind: "disputed" } : givePieces(deps, order, one, decision);
    case "refuse":
      return { kind: "moved", moved: await endAs(deps, order, one, decision) };
    case "refund":
      return further?.refund(order, one, decision);
  }
}

/** Ends a case as it was decided, where nothing else has to be done for that. */
export const endAs = (
  deps: CaseDeps,
  order: Order,
  one: Case,
  { action, reason }: Pick<CaseDecision, "action" | "reason">,
): Promise<MovedCase> =>
  moveCase(deps, order, one, {
    state: END_OF[action],
    reason,
    endedAt: deps.clock().toISOString(),
    waitsFor: undefined,
  });

/** Goes on after something was tried: what can't be done is a person's to decide again. */
async function settle(deps: CaseDeps, order: Order, one: Case, acted: Acted): Promise<void> {
  switch (acted.kind) {
    case "moved":
      return;
    case "gone":
      await endAsRefunded(deps, order, one);
      return;
    case "sold_out":
    case "limit":
    case "disputed": {
      const waitsFor = acted.kind;
      await moveCase(deps, order, one, {
        state: "waiting",
        waitsFor,
        decision: undefined,
        dueAt: nextLook(one, deps.clock()),
      });
    }
  }
}
