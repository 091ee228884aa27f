import type * as z from "zod";
import type { Code } from "../../../shared/inventory/code.ts";
import type { Goods } from "../../../shared/orders/goods.ts";
import type { Line, Order } from "../../../shared/orders/model.ts";
import { countedPayment } from "../../../shared/orders/payers.ts";
import type { PricedLine } from "../../../shared/orders/price.ts";
import type { Quoted } from "../../../shared/orders/quote.ts";
import { marginOfAll, piecesLeft, wentBack } from "../../../shared/orders/shares.ts";
import { SHOWN } from "../../../shared/orders/states.ts";
import type { Payment } from "../../../shared/payments/model.ts";
import type {
  Deliverable,
  OrderLine,
  Order as ShownOrder,
  OrderPayment as ShownPayment,
  PricedLine as ShownPrice,
  Quote as ShownQuote,
} from "./shown.ts";

/** What may be shown beside an order itself. */
type Beside = { goods?: Goods | undefined; payment?: Payment | undefined; deliveryUrl?: string | undefined };

/** An order as its channel sees it. */
export function showOrder(order: Order, { goods, payment, deliveryUrl }: Beside = {}): z.infer<typeof ShownOrder> {
  const { id, placedAt, total, refunded, reference, metadata } = order;
  return {
    id,
    state: SHOWN[order.state],
    placedAt,
    total: { amount: total.amount, currency: total.currency },
    retailTotal: { amount: total.amount + marginOfAll(order.lines), currency: total.currency },
    refunded: { amount: refunded, currency: total.currency },
    hasContact: order.contact !== undefined,
    ...(order.state === "awaiting_payment" && order.expiresAt !== undefined ? { expiresAt: order.expiresAt } : {}),
    ...(payment === undefined
      ? {}
      : { payment: showPayment(asCounted(order, payment), order.state === "awaiting_payment") }),
    ...(deliveryUrl === undefined ? {} : { deliveryUrl }),
    ...(reference === undefined ? {} : { reference }),
    ...(metadata === undefined ? {} : { metadata }),
    lines: order.lines.map((line) => showLine(order, line, goods?.get(line.id))),
  };
}

/** An order says that a payment counts a moment before the payment notes it. */
const asCounted = (order: Order, payment: Payment): Payment =>
  countedPayment(order) === payment.id ? { ...payment, state: "succeeded" } : payment;

/** Where to pay is said only while that can be done: `isWaiting`, what it is for waits for payment. */
export function showPayment(payment: Payment, isWaiting: boolean): z.infer<typeof ShownPayment> {
  const { id, provider, state, amount, expiresAt, checkout, refunds } = payment;
  const refunded = Object.values(refunds).reduce((sum, one) => sum + (one.state === "refunded" ? one.amount : 0), 0);
  return {
    id,
    provider,
    state,
    amount,
    refunded: { amount: refunded, currency: amount.currency },
    expiresAt,
    ...(isWaiting && state === "pending" ? checkout : {}),
  };
}

function showLine(order: Order, line: Line, codes: Code[] | undefined): z.infer<typeof OrderLine> {
  return {
    ...showPriced(line, order.total.currency),
    ...(line.requested === undefined ? {} : { requested: line.requested }),
    state: showLineState(order, line),
    ...showRefunded(order, line),
    ...(codes === undefined ? {} : { deliverables: codes.map(showCode) }),
  };
}

/** Of an order that nobody has paid nothing was refunded. */
function showRefunded(
  { refundedAt, total: { currency } }: Order,
  line: Line,
): Pick<z.infer<typeof OrderLine>, "refunded"> {
  const { pieces, amount } = wentBack(line);
  return refundedAt === undefined || pieces === 0 ? {} : { refunded: { pieces, amount: { amount, currency } } };
}

/** What a line of an order or of a quote costs, and what it is. */
function showPriced(line: PricedLine, currency: string): z.infer<typeof ShownPrice> {
  const {
    id,
    productId,
    productVersion,
    name,
    kind,
    quantity,
    unitPrice,
    retailPrice = unitPrice,
    net,
    adjustments,
  } = line;
  return {
    id,
    productId,
    productVersion,
    name,
    kind,
    quantity,
    unitPrice: { amount: unitPrice, currency },
    retailPrice: { amount: retailPrice, currency },
    net: { amount: net, currency },
    ...(adjustments === undefined
      ? {}
      : { adjustments: adjustments.map((one) => ({ ...one, amount: { amount: one.amount, currency } })) }),
  };
}

/** What lines would cost, as their channel sees it. */
export function showQuote({ total, retailTotal, lines, validUntil }: Quoted): z.infer<typeof ShownQuote> {
  const until = validUntil === undefined ? {} : { validUntil };
  return { total, retailTotal, ...until, lines: lines.map((line) => showPriced(line, total.currency)) };
}

export function showCode({ codeId, number, secret, expiresAt }: Code): z.infer<typeof Deliverable> {
  return {
    codeId,
    ...(number === undefined ? {} : { number }),
    secret,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

function showLineState(order: Order, line: Line): z.infer<typeof OrderLine>["state"] {
  const isCancelled = SHOWN[order.state] === "cancelled" || SHOWN[order.state] === "expired";
  const isLeaving = line.leaving !== undefined && line.leaving.pieces === piecesLeft(line);
  switch (isLeaving ? "unwinding" : line.state) {
    case "open":
    case "placing":
    case "accepted":
    case "unknown":
      return "fulfilling";
    case "review":
      return "review";
    case "fulfilled":
      return "fulfilled";
    case "unwinding":
      return isCancelled ? "cancelled" : "refunding";
    case "returned":
      // Of a product that had run out there was nothing to pay for, so nothing came back.
      if (line.quantity === 0) return "cancelled";
      return isCancelled ? "cancelled" : "refunded";
  }
}
