import type { Db } from "../aws/dynamo.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { chosenBy } from "../payments/asked.ts";
import type { ByCheckout } from "../payments/by-checkout.ts";
import { advance } from "./advance.ts";
import { refusalOf } from "./answers.ts";
import { paymentFirst } from "./checkout.ts";
import type { OrderDeps } from "./deps.ts";
import { covers, notCovered } from "./funding.ts";
import type { Order } from "./model.ts";
import { allAtCheckout } from "./payers.ts";
import { type Change, moveOrder, readOrder } from "./table.ts";

/**
 * Pays from the channel's balance for an order that holds its codes. The state moves first, on condition that the order still waits, so a
 * payment and an expiry can't both win. Then it is sold like any other. Paying again finds it paid. Whatever its buyer pays at a provider
 * after that goes back.
 */
export async function payOrder(
  deps: OrderDeps & Db<"ledger">,
  channelId: string,
  orderId: string,
): Promise<Result<Order>> {
  for (;;) {
    const order = await readOrder(deps, orderId);
    if (order?.channelId !== channelId) return refuse("not_found", "There is no such order.");
    if (!isPayable(deps, order)) return paid(await advance(deps, order));
    const whole: Order = { ...order };
    delete whole.checkout;
    const covered = await covers(deps, whole);
    if (covered !== "yes") {
      // A twin may have paid just now, and its payment may be why our balance is too small.
      const isSame = (await readOrder(deps, orderId))?.version === order.version;
      if (isSame) return notCovered(covered);
      continue;
    }
    const moved = await moveOrder(deps, order, { state: "open", checkout: undefined });
    if (moved.ok) return paid(await advance(deps, moved.order));
  }
}

const isPayable = ({ clock }: OrderDeps, { state, expiresAt = "" }: Order): boolean =>
  state === "awaiting_payment" && expiresAt > clock().toISOString();

/**
 * Begins a new outside payment of an order that waits for payment; where to pay is the provider's to say. The payments before it are
 * closed, and the first one that is paid counts. Asking again for the same finds the payment that was begun.
 */
export async function beginPayment(
  deps: OrderDeps & Db<"operations" | "identity">,
  channelId: string,
  orderId: string,
  by: ByCheckout,
): Promise<Result<Order>> {
  const chosen = await chosenBy(deps, channelId, by, "");
  if (!chosen.ok) return chosen;
  for (;;) {
    const order = await readOrder(deps, orderId);
    if (order?.channelId !== channelId) return refuse("not_found", "There is no such order.");
    if (!isPayable(deps, order)) return paid(await advance(deps, order));
    const checkout = allAtCheckout(order, chosen.value);
    // The payment that stands asks for the very same: it is the answer.
    if (isSameWish(order.checkout, checkout)) return ok(order);
    const { payments = 0 } = order;
    if (payments >= LIMITS.paymentsPerOrder)
      return refuse("limit_reached", `At most ${LIMITS.paymentsPerOrder} payments are begun for one order.`);
    if (checkout.amount === 0) {
      // A price of nothing needs no payment.
      const free = await moveOrder(deps, order, { state: "open" });
      if (free.ok) return paid(await advance(deps, free.order));
      continue;
    }
    const change: Change = { checkout, payments: payments + 1, alone: undefined };
    const moved = await moveOrder(
      deps,
      order,
      change,
      await paymentFirst(deps, { ...order, ...change } as Order, chosen.value),
    );
    if (moved.ok) return ok(moved.order);
  }
}

type Wish = Order["checkout"];
const isSameWish = (a: Wish, b: Wish): boolean =>
  a?.provider === b?.provider && a?.flow === b?.flow && a?.payer === b?.payer;

function paid(order: Order): Result<Order> {
  switch (order.state) {
    case "expiring":
    case "expired":
      return refuse("order_expired", "Its time to be paid is over; the codes are for others again.");
    case "refused":
      return order.refusal === "sold_out"
        ? refuse("sold_out", "Its codes were not there any more; nothing was charged.")
        : refusalOf(order);
    case "cancelling":
    case "cancelled":
      return refuse("not_payable", "The order was cancelled.");
    default:
      return ok(order);
  }
}
