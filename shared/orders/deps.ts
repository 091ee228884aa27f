import type { Db } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";

/** What it takes to move an order by its own means: stock, money, the order, and the time. */
export type OrderDeps = Db<"orders" | "inventory" | "ledger"> & { clock: Clock };
