import { PROBLEMS } from "../kernel/problem.ts";

/** The reasons of reviews that are our own. A supplier's code may be another one. */
export const REASONS: readonly string[] = [
  ...Object.keys(PROBLEMS),
  "ambiguous_answer",
  "answer_too_large",
  "bad_product_name",
  "contradiction",
  "duplicate_code",
  "empty_answer",
  "empty_card",
  "forged_answer",
  "goods_missing",
  "malformed",
  "never_heard",
  "no_answer",
  "no_source",
  "nothing_delivered",
  "order_failed",
  "other_order",
  "other_reference",
  "overdue",
  "reference_reused",
  "refund_proposed",
  "refund_refused",
  "throttled",
  "timed_out",
  "too_many_goods",
  "unauthorised",
  "unknown_outcome",
  "unknown_state",
  "unknown_supplier",
  "unreachable",
  "unreadable_answer",
  "unreadable_card",
  "unreadable_goods",
];

/** Reasons that end in a code of a supplier, of HTTP or of Step Functions. */
export const WITH_CODE = /^(workflow|http|error|status|[a-z_]+)_\d+$|^workflow_[a-z_]+$/;
