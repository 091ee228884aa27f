import { sellsFromStock } from "../catalog/model.ts";
import { cutsBeside, cutWrites } from "../inventory/cut.ts";
import { planReservation, type Reservation, reservedBy } from "../inventory/reserve.ts";
import { LIMITS } from "../kernel/limits.ts";
import { type FieldError, ok, type Refusal, type Result, refuse } from "../kernel/problem.ts";
import { holdingsOf } from "../limits/model.ts";
import type { Finder } from "./advance.ts";
import { notEnoughStock, settleWith } from "./answers.ts";
import { paymentWrites } from "./checkout.ts";
import type { OrderDeps } from "./deps.ts";
import { type DraftDeps, draft, epochAfter, type Placing, payable } from "./draft.ts";
import { covers, notCovered } from "./funding.ts";
import { putLink } from "./link.ts";
import type { Line, Order } from "./model.ts";
import { limitReached, limitsOf, withCounters } from "./order-limits.ts";
import { putPeople } from "./people.ts";
import { price } from "./price.ts";
import { putOrder } from "./table.ts";

/** A try fails when a sale or a sweep changes one of the ranges that are cut. That is over in milliseconds. */
const TRIES = 10;

/**
 * Places a large order. Its codes are cut off from stock in the one transaction that puts the order, so no crash leaves
 * codes without an order, or an order without its codes. A workflow sells them later. A refusal does not mean that
 * there is no order: the caller looks.
 */
export async function placeLarge(
  deps: OrderDeps & DraftDeps,
  placing: Placing,
  finder: Finder,
): Promise<Result<Order>> {
  const errors = notFromStock(placing);
  if (errors.length > 0) return refuse("invalid_request", "So much is sold from our own stock only.", errors);
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const tried = await tryToPlace(deps, placing);
    if (tried.kind === "again") continue;
    return tried.kind === "placed" ? settleWith(deps, tried.order, finder) : tried.why;
  }
  return refuse("busy", "The stock is moving too fast; try again in a moment.");
}

function notFromStock({ request, products }: Placing): FieldError[] {
  return request.lines.flatMap(({ productId }, index) => {
    const product = products.find(({ id }) => id === productId);
    const pointer = `/lines/${index}/productId`;
    if (product === undefined || !sellsFromStock(product))
      return [{ pointer, message: `has no stock: at most ${LIMITS.codesPerOrder} pieces, and without acceptLess` }];
    const isRepeated = request.lines.findIndex((line) => line.productId === productId) < index;
    return isRepeated ? [{ pointer, message: "is in the order twice" }] : [];
  });
}

type Tried = { kind: "placed"; order: Order } | { kind: "refused"; why: Refusal } | { kind: "again" };
const refused = (why: Refusal): Tried => ({ kind: "refused", why });

async function tryToPlace(deps: OrderDeps & DraftDeps, placing: Placing): Promise<Tried> {
  const { request, products, earlier, chosen, linkToken, people } = placing;
  const counted = limitsOf(deps, placing, request.lines);
  if (!counted.ok) return refused(counted);
  const wanted = await findAll(deps, placing, counted.value.length);
  if (!wanted.ok) return refused(wanted);
  const lines = request.lines.map((line, index) => ({ ...line, quantity: wanted.value[index]?.quantity ?? 0 }));
  const less = { ...request, lines };
  const priced = price(less, products);
  if (!priced.ok) return refused(priced);
  const counters = limitsOf(deps, placing, lines);
  if (!counters.ok) return refused(counters);
  const order = await draft(deps, { ...placing, request: less, priced: priced.value });
  order.lines = order.lines.map((line, index) => reserve(line, request.lines[index]?.quantity, wanted.value[index]));
  const covered = order.state === "awaiting_payment" ? "yes" : await covers(deps, order);
  if (covered !== "yes") return refused(notCovered(covered));
  const cuts = wanted.value.flatMap((one) => one.cuts.flatMap((cut) => cutWrites(deps, cut)));
  if (linkToken !== undefined) await putLink(deps, linkToken, order);
  await putPeople(deps, people, order);
  const put = await putOrder(deps, order, earlier, withCounters(order, counters.value, placing), [
    ...paymentWrites(deps, order, chosen),
    ...cuts,
  ]);
  if (put.ok) return { kind: "placed", order: put.order };
  if ("limit" in put) return refused(limitReached(put.limit));
  return "stockMoved" in put ? { kind: "again" } : refused(refuse("busy", "Another request with this key is at work."));
}

/**
 * Plans the runs for each line. An order takes all or nothing, unless its buyer takes less. If there is nothing at all,
 * there is no order.
 */
async function findAll(deps: OrderDeps, placing: Placing, counters: number): Promise<Result<Reservation[]>> {
  const { id, channelId, request, products, earlier } = placing;
  const { expiresAt: goodUntil } = payable(request, products, deps.clock());
  const whole = request.acceptLess !== true;
  // The order, its payment and each of its counters also need a place in the transaction.
  const others = 1 + counters + holdingsOf(placing).length + (request.payment.method === "checkout" ? 1 : 0);
  const cutsAtMost = Math.floor(cutsBeside(others) / request.lines.length);
  const reservedFor = { orderId: id, epoch: epochAfter(earlier) };
  const buyer = { channelId, campaign: request.campaign };
  const found: Reservation[] = [];
  for (const { productId, quantity } of request.lines) {
    const wish = { reservedFor, buyer, productId, quantity, whole, cutsAtMost, goodUntil };
    found.push(await planReservation(deps, wish, deps.clock()));
  }
  const short = found.map(({ cuts }) => cuts.length === 0);
  if (whole ? !short.includes(true) : short.includes(false)) return ok(found);
  if (whole && found.some(({ isScattered }) => isScattered))
    return refuse("too_scattered", "There is enough, but in too many pieces for one order: order less at once.");
  return notEnoughStock(short);
}

function reserve(line: Line, requested = line.quantity, { cuts, quantity }: Reservation = NOTHING): Line {
  const asked = requested === quantity ? {} : { requested };
  // No stock for this line: it is over at once, and costs nothing.
  if (cuts.length === 0) return { ...line, ...asked, quantity: 0, state: "returned" };
  return { ...line, ...asked, reserved: reservedBy(cuts) };
}

const NOTHING: Reservation = { cuts: [], quantity: 0, isScattered: false };
