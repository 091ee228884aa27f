import type { Db } from "../../../shared/aws/dynamo.ts";
import type { Source } from "../../../shared/catalog/model.ts";
import { ok, type Result, refuse } from "../../../shared/kernel/problem.ts";
import { findSupplier } from "../../../shared/suppliers/find.ts";

/** Refuses a product whose sources name a supplier that does not exist. It could be sold, but never be bought. */
export async function knownSuppliers(
  deps: Db<"operations">,
  { sources }: { sources?: readonly Source[] | null | undefined },
  at = "",
): Promise<Result<undefined>> {
  const unknown = await Promise.all(
    (sources ?? []).map(
      async (source) => "supplierId" in source && (await findSupplier(deps, source.supplierId)) === undefined,
    ),
  );
  const errors = unknown.flatMap((isUnknown, index) =>
    isUnknown ? [{ pointer: `${at}/sources/${index}/supplierId`, message: "is no supplier of ours" }] : [],
  );
  return errors.length === 0 ? ok(undefined) : refuse("invalid_request", "Some suppliers are unknown.", errors);
}
