import type { Db } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Payment } from "../payments/model.ts";
import { Busy } from "./busy.ts";
import { MOVES } from "./states.ts";
import type { StuckRefund } from "./stuck.ts";
import { moveOrder, readOrder } from "./table.ts";

/**
 * Has the order of a payment say which of its refunds the provider can't make: as long as there is one, the order is before a person.
 * Idempotent: it compares with what the payment says. A payment that is for no order waits in the list of payments alone.
 */
export async function noteStuck(
  deps: Db<"orders"> & { clock: Clock },
  { id: paymentId, purpose, refunds }: Payment,
): Promise<void> {
  if (purpose.kind !== "order") return;
  for (;;) {
    const order = await readOrder(deps, purpose.orderId);
    if (order === undefined) return;
    const { stuck = [] } = order;
    const refused = Object.values(refunds).filter(({ state }) => state === "refused");
    const mine = refused.map((one): StuckRefund => {
      const { id: refundId, reason = "unknown", endedAt: since = one.requestedAt } = one;
      return stuck.find((known) => known.refundId === refundId) ?? { refundId, paymentId, reason, since };
    });
    const all = [...stuck.filter((one) => one.paymentId !== paymentId), ...mine];
    if (namesOf(all) === namesOf(stuck)) return;
    // It is on its way to a state in which it can say so, within moments.
    if (!MOVES[order.state].includes(order.state)) throw new Busy(`order ${order.id} is on its way`);
    if ((await moveOrder(deps, order, { stuck: all.length === 0 ? undefined : all })).ok) return;
  }
}

const namesOf = (stuck: readonly StuckRefund[]): string =>
  stuck
    .map(({ refundId }) => refundId)
    .toSorted()
    .join();
