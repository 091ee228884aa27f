import type { Money } from "../kernel/money.ts";
import type { CaseKind, CaseReason } from "../orders/cases.ts";
import type { CaseAction, CaseDecision, WaitsFor } from "./model.ts";
import type { CaseSettings } from "./settings.ts";

/** What a rule knows of a case. */
export type Facts = {
  kind: CaseKind;
  /** Somebody has looked at the order's codes. */
  isSeen: boolean;
  worth: Money;
  /** What it is about was replaced before. */
  isAgain: boolean;
  /** The buyer has had so many cases decided by rules lately. */
  byRuleBefore: number;
  isDisputed: boolean;
};

/** What a rule says of a case: what is done for it, or why a person decides. */
export type Verdict = { kind: "act"; action: CaseAction; reason: CaseReason } | { kind: "person"; waitsFor: WaitsFor };

const person = (waitsFor: WaitsFor): Verdict => ({ kind: "person", waitsFor });

/** Decides a case by rule, or leaves it to a person. Pure. */
export function judge(facts: Facts, settings: CaseSettings): Verdict {
  const why = whyNotByRule(facts, settings);
  if (why !== undefined) return person(why);
  switch (facts.kind) {
    case "void_and_reissue":
      // What nobody has seen nobody has used.
      return facts.isSeen ? person("seen") : { kind: "act", action: "replace", reason: "did_not_work" };
    case "change_recipient":
    case "change_product":
    case "refund":
    case "ask_supplier":
      return person("not_decided_by_rule");
  }
}

/** Says why no rule may decide a case, whatever it asks for. Undefined: one may. */
function whyNotByRule(facts: Facts, settings: CaseSettings): WaitsFor | undefined {
  const { worth, isAgain, byRuleBefore, isDisputed } = facts;
  if (isDisputed) return "disputed";
  if (isAgain) return "again";
  if (worth.amount > byRuleUpTo(settings, worth.currency)) return "worth";
  return byRuleBefore >= settings.byRulePerBuyer ? "too_many" : undefined;
}

export const byRuleUpTo = ({ byRuleUpTo: amounts, anyCurrencyUpTo }: CaseSettings, currency: string): number =>
  amounts[currency] ?? anyCurrencyUpTo;

/** The name in the audit trail of the rules that decide cases. */
export const THE_RULE = "rule:cases";

export const decidedByRule = (verdict: Extract<Verdict, { kind: "act" }>, now: Date): CaseDecision => ({
  action: verdict.action,
  reason: verdict.reason,
  by: THE_RULE,
  at: now.toISOString(),
});
