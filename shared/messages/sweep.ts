import type { Db } from "../aws/dynamo.ts";
import { itemsOf, keysInList } from "../aws/listed.ts";
import type { Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { dueLists, messages } from "./table.ts";

export type SweepDeps = Db<"operations"> & { clock: Clock; wake: (orderId: string) => Promise<void> };

/**
 * Has those orders looked at whose messages are due: what could not be sent, and what a lost message was about. Gives how many seconds
 * the oldest of it is late; 0 if nothing is.
 */
export async function sweepMessages(deps: SweepDeps): Promise<number> {
  const now = deps.clock();
  const late = await Promise.all(
    dueLists.map(async (list) => {
      const due = await keysInList(deps, list, { from: " ", to: `${now.toISOString()}~` }, LIMITS.messagesPerLook);
      const orders = new Set((await itemsOf(deps, due)).map((item) => messages.read(item).orderId));
      for (const orderId of orders) await deps.wake(orderId);
      const [first] = due;
      return first === undefined ? 0 : (now.getTime() - Date.parse(first.listPlace.split("#")[0] ?? "")) / 1000;
    }),
  );
  return Math.max(0, ...late);
}
