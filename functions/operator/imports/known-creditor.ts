import type { Db } from "../../../shared/aws/dynamo.ts";
import type { Money } from "../../../shared/kernel/money.ts";
import { ok, type Result, refuse } from "../../../shared/kernel/problem.ts";
import { findSupplier } from "../../../shared/suppliers/find.ts";

type Owed = { unitCost?: Money | undefined; supplierId?: string | undefined };

/** Refuses a supplier that is owed nothing, as no cost is named, or that does not exist: its book would be nobody's. */
export async function knownCreditor(
  deps: Db<"operations">,
  { unitCost, supplierId }: Owed,
): Promise<Result<undefined>> {
  if (supplierId === undefined) return ok(undefined);
  const wrong = (pointer: string, message: string) =>
    refuse("invalid_request", "Nobody can be owed the cost of these codes.", [{ pointer, message }]);
  if (unitCost === undefined) return wrong("/unitCost", "is required with supplierId");
  if ((await findSupplier(deps, supplierId)) === undefined) return wrong("/supplierId", "is no supplier of ours");
  return ok(undefined);
}
