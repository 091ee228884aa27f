import { advance } from "./advance.ts";
import type { OrderDeps } from "./deps.ts";
import { listOverdueUnpaid } from "./table.ts";

/** Gives up every order whose time to be paid is over: the backstop behind each order's own watch. Returns how many. */
export async function expireUnpaid(deps: OrderDeps): Promise<number> {
  const overdue = await listOverdueUnpaid(deps, deps.clock());
  for (const order of overdue) await advance(deps, order);
  return overdue.length;
}
