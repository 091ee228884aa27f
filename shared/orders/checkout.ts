import type { Db, Writes } from "../aws/dynamo.ts";
import { findChannel } from "../channels/keys.ts";
import type { Clock } from "../kernel/clock.ts";
import { ok, type Result } from "../kernel/problem.ts";
import { chosenBy } from "../payments/asked.ts";
import type { Payer } from "../payments/contract.ts";
import { isOver, orderPaymentId, type Payment } from "../payments/model.ts";
import { described, newPayment } from "../payments/new-payment.ts";
import type { Chosen } from "../payments/payer.ts";
import { insteadWrite, newPaymentWrite, putPayment } from "../payments/payments.ts";
import type { ProviderDeps } from "../payments/providers.ts";
import { askToFollow, type PaymentQueue } from "../payments/queue.ts";
import { startPayment } from "../payments/start.ts";
import { advance } from "./advance.ts";
import { paymentOf } from "./checkout-payments.ts";
import type { OrderDeps } from "./deps.ts";
import type { Line, Order } from "./model.ts";
import { isLookedAfter } from "./queues.ts";
import type { NewOrder } from "./request.ts";
import { moveOrder } from "./table.ts";

/** What a payment takes of how its buyer chose to pay. */
type Said = Pick<Chosen, "fees" | keyof Payer>;

/**
 * Makes the write that writes the order's newest payment down, with the fee that its provider takes now; it goes with the write of the
 * order. None: nobody pays at a provider.
 */
export function paymentWrites(deps: Db<"orders"> & { clock: Clock }, order: Order, chosen: Said = {}): Writes {
  const payment = newestPayment(order, chosen, deps.clock());
  return payment === undefined ? [] : [newPaymentWrite(deps, payment)];
}

/**
 * Writes the payment of a new order down before the order, each by itself for half the price. If the order never comes, nothing was begun,
 * and the payment ends when its time does. Returns what must be written with the order: where somebody else's payment stands, of a twin or
 * of one that has died, ours comes in its place together with our order, or not at all. So the payment is always that of the order that stands.
 */
export async function paymentFirst(
  deps: Db<"orders"> & { clock: Clock },
  order: Order,
  chosen: Said = {},
): Promise<Writes> {
  const payment = newestPayment(order, chosen, deps.clock());
  if (payment === undefined) return [];
  const stands = await putPayment(deps, payment);
  return stands === undefined ? [] : [insteadWrite(deps, stands, payment)];
}

function newestPayment(order: Order, chosen: Said, now: Date): Payment | undefined {
  const { id: orderId, epoch, channelId, checkout, payments: attempt, expiresAt, correlationId } = order;
  if (checkout === undefined || attempt === undefined || expiresAt === undefined) return undefined;
  const { provider, flow, amount } = checkout;
  const said = {
    id: orderPaymentId(orderId, epoch, attempt),
    purpose: { kind: "order", orderId, epoch } as const,
    channelId,
    provider,
    attempt,
    amount: { amount, currency: order.total.currency },
    ...(flow === undefined ? {} : { flow }),
    description: describe(order.lines),
    expiresAt,
    ...(correlationId === undefined ? {} : { correlationId }),
  };
  return newPayment(said, chosen, now);
}

/** Says what is sold, as its payer reads it. */
function describe([first, ...others]: readonly Line[]): string {
  const pieces = first === undefined || first.quantity === 1 ? "" : ` × ${first.quantity}`;
  const more = others.length === 0 ? "" : ` + ${others.length}`;
  return described(first?.name ?? "", pieces + more);
}

/** Checks how the buyer of a new order pays at a provider, and reads how many unpaid orders its channel may have. */
export async function chosenIn(
  deps: Db<"operations" | "identity">,
  channelId: string,
  { payment }: Pick<NewOrder, "payment">,
): Promise<Result<{ chosen?: Chosen; unpaidLimit?: number | null }>> {
  if (payment.method === "balance") return ok({});
  const { unpaidLimit } = (await findChannel(deps, channelId)) ?? {};
  const limit = unpaidLimit === undefined ? {} : { unpaidLimit };
  if (payment.method !== "checkout") return ok(limit);
  const chosen = await chosenBy(deps, channelId, payment, "/payment");
  return chosen.ok ? ok({ ...limit, chosen: chosen.value }) : chosen;
}

export type Opened = { order: Order; payment?: Payment };

/**
 * Has the provider begin the payment that an order waits for, if it waits for one, and says where to pay. When nobody knows whether the
 * provider has begun it, the answer says no place: repeating the request begins it. A payment that the provider refuses ends the order,
 * as if there were no money: nothing was charged, and the same key may be tried again.
 */
export async function openCheckout(deps: OrderDeps & ProviderDeps, order: Order): Promise<Result<Opened>> {
  const payment = await paymentOf(deps, order);
  if (payment === undefined) return ok({ order });
  // It was over before its order was written, or could not be begun, and somebody died.
  if (isOver(payment) && isLookedAfter(order))
    return ok({ order: (await moveOrder(deps, order, { alone: true })).order, payment });
  const isInTime = (order.expiresAt ?? "") > deps.clock().toISOString();
  if (order.state !== "awaiting_payment" || !isInTime) return ok({ order, payment });
  const started = await startPayment(deps, payment);
  if (started.ok) return ok({ order, payment: started.value });
  const lines = order.lines.map((line): Line => ({ ...line, state: "unwinding" }));
  const unwindingSince = deps.clock().toISOString();
  const moved = await moveOrder(deps, order, { state: "refusing", refusal: "payment_refused", lines, unwindingSince });
  const ended = await advance(deps, moved.order);
  return ended.state === "refused" ? started : ok({ order: ended, payment });
}

/** Has the payments of an order looked at that are not the one to pay: each is closed, or what it brought goes back. */
export async function followEarlier(deps: PaymentQueue, { id, epoch, state, payments = 0 }: Order): Promise<void> {
  const last = state === "awaiting_payment" ? payments - 1 : payments;
  for (let attempt = 1; attempt <= last; attempt++)
    await askToFollow(deps, { paymentId: orderPaymentId(id, epoch, attempt), isChanged: true });
}
