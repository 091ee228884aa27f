import type { Db } from "../aws/dynamo.ts";
import type { OrderDeps } from "../orders/deps.ts";

/** What it takes to open cases, and to do for them what our own stock can. */
export type CaseDeps = OrderDeps & Db<"operations" | "catalog" | "audit">;
