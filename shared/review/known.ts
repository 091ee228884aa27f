import type { Db } from "../aws/dynamo.ts";
import { findCurrent } from "../catalog/products.ts";
import { type FieldError, ok, type Result, refuse } from "../kernel/problem.ts";
import { findSupplier } from "../suppliers/find.ts";
import type { ReviewFilter } from "./decision.ts";
import { REASONS, WITH_CODE } from "./reasons.ts";

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
  if (reason === undefined || REASONS.includes(reason) || WITH_CODE.test(reason)) return ok(undefined);
  const message = "is no reason that we know, and no review has it";
  return refuse("invalid_request", "The filter names what there isn't.", [{ pointer: `${root}/reason`, message }]);
}
