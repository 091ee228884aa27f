import type { ProductVersion } from "../catalog/model.ts";
import { after } from "../kernel/clock.ts";
import type { Money } from "../kernel/money.ts";
import type { CaseKind, CaseReason } from "../orders/cases.ts";
import type { CaseAction, CaseDecision, WaitsFor } from "./model.ts";
import type { CaseSettings } from "./settings.ts";

type RefundRule = NonNullable<ProductVersion["refundRule"]>;

/** What a rule knows of a case. */
export type Facts = {
  kind: CaseKind;
  /** Somebody has looked at the order's codes. */
  isSeen: boolean;
  /** It was bought for the order from this supplier, who may be asked about it. */
  boughtFrom?: string | undefined;
  worth: Money;
  /** What it is about was replaced before. */
  isAgain: boolean;
  /** The buyer has had so many cases decided by rules lately. */
  byRuleBefore: number;
  isDisputed: boolean;
  /** What its buyer may have back, by the version that was bought. Absent: nobody has said. */
  refundRule?: RefundRule | undefined;
  paidAt: string;
  now: Date;
};

/** What a rule says of a case: what is done for it, or why a person decides. */
export type Verdict =
  | { kind: "act"; action: CaseAction; reason: CaseReason }
  | { kind: "ask"; supplierId: string }
  | { kind: "person"; waitsFor: WaitsFor };

const person = (waitsFor: WaitsFor): Verdict => ({ kind: "person", waitsFor });

/** Decides a case by rule, or leaves it to a person. Pure. */
export function judge(facts: Facts, settings: CaseSettings): Verdict {
  const refused = facts.kind === "refund" ? whyNoRefund(facts) : undefined;
  if (refused !== undefined && !facts.isDisputed) return { kind: "act", action: "refuse", reason: refused };
  const why = whyNotByRule(facts, settings);
  if (why !== undefined) return person(why);
  const { boughtFrom: supplierId } = facts;
  if (supplierId !== undefined && isForSupplier(facts)) return { kind: "ask", supplierId };
  switch (facts.kind) {
    case "void_and_reissue":
      // What nobody has seen nobody has used.
      return facts.isSeen ? person("seen") : { kind: "act", action: "replace", reason: "did_not_work" };
    case "refund":
      return facts.refundRule === undefined
        ? person("not_decided_by_rule")
        : { kind: "act", action: "refund", reason: "by_refund_rule" };
    case "change_recipient":
    case "change_product":
    case "ask_supplier":
      return person("not_decided_by_rule");
  }
}

/** What somebody has seen may be used by now: who has delivered it can say. */
const isForSupplier = ({ kind, isSeen }: Facts): boolean =>
  kind === "ask_supplier" || (kind === "void_and_reissue" && isSeen);

/** Says why the rule that the buyer has accepted gives no money back. Undefined: it does, or there is none. */
function whyNoRefund({ refundRule, isSeen, paidAt, now }: Facts): CaseReason | undefined {
  if (refundRule === undefined) return undefined;
  const { buyer, days } = refundRule;
  if (buyer === "never") return "by_refund_rule";
  if (days !== undefined && now.toISOString() > after(new Date(paidAt), days * 24 * 3600)) return "too_late";
  return isSeen && buyer === "unseen" ? "seen" : undefined;
}

/** Says why no rule may decide a case, whatever it asks for. Undefined: one may. */
function whyNotByRule(facts: Facts, settings: CaseSettings): WaitsFor | undefined {
  const { worth, isAgain, byRuleBefore, isDisputed } = facts;
  if (isDisputed) return "disputed";
  if (isAgain) return "again";
  if (worth.amount > settings.byRuleUpTo) return "worth";
  return byRuleBefore >= settings.byRulePerBuyer ? "too_many" : undefined;
}

/** The name in the audit trail of the rules that decide cases. */
export const THE_RULE = "rule:cases";

export const decidedByRule = (verdict: Extract<Verdict, { kind: "act" }>, now: Date): CaseDecision => ({
  action: verdict.action,
  reason: verdict.reason,
  by: THE_RULE,
  at: now.toISOString(),
});
