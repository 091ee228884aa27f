import type { Db } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import type { BookDeps } from "../ledger/books.ts";

/** What is needed to move an order by our own means: stock, money, orders, and the time. */
export type OrderDeps = Db<"orders" | "inventory" | "ledger"> & BookDeps & { clock: Clock };
