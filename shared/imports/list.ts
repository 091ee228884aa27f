import type { Db } from "../aws/dynamo.ts";
import { pageOfList } from "../aws/listed.ts";
import type { ImportState, LargeImport } from "./model.ts";
import { imports } from "./stored.ts";

export type ImportFilter = { productId?: string | undefined; state?: ImportState | undefined };

/**
 * Reads a page of the imports that match a filter, newest first. The filter is applied after reading, so a page may be short: it costs
 * as much as one without.
 */
export async function listImports(
  deps: Db<"operations">,
  { productId, state }: ImportFilter,
  limit: number,
  after?: string,
): Promise<{ imports: LargeImport[]; next: string | null }> {
  const { items, next } = await pageOfList(deps, "imports", { limit, after, newestFirst: true });
  const matching = items
    .map(imports.read)
    .filter(
      (one) => (productId === undefined || one.productId === productId) && (state === undefined || one.state === state),
    );
  return { imports: matching, next };
}
