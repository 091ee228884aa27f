import type { Db } from "../aws/dynamo.ts";
import { pageOfList } from "../aws/listed.ts";
import type { Supplier } from "./settings.ts";
import { suppliers } from "./table.ts";

/** Reads a page of the suppliers, by id. */
export async function listSuppliers(
  deps: Db<"operations">,
  limit: number,
  after?: string,
): Promise<{ suppliers: Supplier[]; next: string | null }> {
  const { items, next } = await pageOfList(deps, "suppliers", { limit, after, newestFirst: false });
  return { suppliers: items.map(suppliers.read), next };
}
