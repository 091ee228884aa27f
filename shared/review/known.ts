import type { Db } from "../aws/dynamo.ts";
import { findCurrent } from "../catalog/products.ts";
import { type FieldError, ok, PROBLEMS, type Result, refuse } from "../kernel/problem.ts";
import { findSupplier } from "../suppliers/settings.ts";
import type { ReviewFilter } from "./decision.ts";

/** The reasons of reviews that are our own. A supplier's code may be another one. */
const REASONS = new Set<string>([
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
]);

/** Reasons that end in a code of a supplier, of HTTP or of Step Functions. */
const WITH_CODE = /^(workflow|http|error|status|[a-z_]+)_\d+$|^workflow_[a-z_]+$/;

/** Refuses a filter that names an unknown supplier or product: it would find nothing, as if all were well. */
export async function knownFilter(
  deps: Db<"catalog" | "operations">,
  { supplierId, productId }: ReviewFilter,
  root: string,
): Promise<Result<undefined>> {
  const errors: FieldError[] = [];
  if (supplierId !== undefined && (await findSupplier(deps, supplierId)) === undefined)
    errors.push({ pointer: `${root}/supplierId`, message: "is no supplier of ours" });
  if (productId !== undefined && (await findCurrent(deps, productId)) === undefined)
    errors.push({ pointer: `${root}/productId`, message: "is no product of ours" });
  return errors.length === 0 ? ok(undefined) : refuse("invalid_request", "The filter names what there isn't.", errors);
}

/**
 * Refuses a reason that no review has and that is none of ours. It is called after everything was looked through,
 * because a supplier may have reasons of its own.
 */
export function misspelt({ reason }: ReviewFilter, root: string): Result<undefined> {
  if (reason === undefined || REASONS.has(reason) || WITH_CODE.test(reason)) return ok(undefined);
  const message = "is no reason that we know, and no review has it";
  return refuse("invalid_request", "The filter names what there isn't.", [{ pointer: `${root}/reason`, message }]);
}
