import { ok, type Result, refuse } from "../../shared/kernel/problem.ts";
import type { Needs } from "./needs.ts";
import type { Operation } from "./operation.ts";

const MOVES = ["PutItem", "UpdateItem"] as const;

/** Tells whether something with these needs takes codes from stock, brings them back, or leaves bought ones there. */
export const movesStock = (needs: Needs): boolean => MOVES.some((action) => needs.inventoryTable?.includes(action));

/**
 * Tells whether an operation is closed while sales are closed, as a table is restored: the next moment its stock may be another
 * table. What operators do to stock itself goes on, for that is how stock is made true again. A decision about an order does not.
 */
export const closesWithSales = ({ needs, path }: Operation): boolean =>
  movesStock(needs) && (!path.startsWith("/admin/") || needs.ordersTable?.includes("UpdateItem") === true);

/** Tells whether the deployment has closed sales, as the environment of this process says. */
export const areSalesClosed = (): boolean => process.env["SALES"] === "closed";

/** Refuses an operation that moves stock while sales are closed. */
export function whileSalesAreClosed(operation: Operation): Result<undefined> {
  if (!areSalesClosed() || !closesWithSales(operation)) return ok(undefined);
  return refuse(
    "sales_closed",
    "Sales are closed for a while; repeat the request with the same Idempotency-Key later.",
  );
}
