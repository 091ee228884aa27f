import type { Db } from "../aws/dynamo.ts";
import { type ProductVersion, sellsFromStock, supplierSources } from "../catalog/model.ts";
import { findProducts, isRemembered } from "../catalog/products.ts";
import { isKnownSoldOut, stockLeft } from "../inventory/availability.ts";
import { giveBack } from "../inventory/give-back.ts";
import type { Ticket } from "../inventory/model.ts";
import { hasCampaign } from "../inventory/pools.ts";
import { after } from "../kernel/clock.ts";
import { fingerprintOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Money } from "../kernel/money.ts";
import { ok, type Refusal, type Result, refuse } from "../kernel/problem.ts";
import { readAccount } from "../ledger/accounts.ts";
import type { Sealed } from "../secrecy/sealer.ts";
import { reachOf, readMarket } from "../suppliers/market.ts";
import { advance, type Finder } from "./advance.ts";
import type { OrderDeps } from "./deps.ts";
import { drawFor } from "./draw.ts";
import { type DeliveryPromise, type Line, type Order, recipientBinding, ticketsOf } from "./model.ts";
import { limitReached, limitsOf, withCounters } from "./order-limits.ts";
import { price } from "./price.ts";
import type { NewOrder } from "./request.ts";
import { orderIdFor, putOrder, readOrder } from "./table.ts";

export type PlaceDeps = OrderDeps &
  Db<"platform"> & { sealRecipient: (account: string, boundTo: string) => Promise<Sealed> };

/**
 * Places an order, or finds the one that this idempotency key has placed before and helps it along: ticket, order, money,
 * slot, finish. Nothing is remembered of a refusal, so the same key may be tried again.
 */
export async function placeOrder(
  deps: PlaceDeps,
  channelId: string,
  idempotencyKey: string,
  request: NewOrder,
  finder: Finder,
): Promise<Result<Order>> {
  const id = orderIdFor(channelId, idempotencyKey);
  // With the key, which is stored nowhere: the hash alone must not let anybody guess the recipient.
  const requestHash = fingerprintOf({ idempotencyKey, request });
  const productIds = request.lines.map((line) => line.productId);
  if (isRememberedSoldOut(deps, request) && (await readOrder(deps, id)) === undefined) return notEnoughStock();
  const [earlier, products] = await Promise.all([
    // A moment old is enough: the put finds what this read missed.
    readOrder(deps, id, false),
    findProducts(deps, productIds),
  ]);
  if (earlier !== undefined && earlier.requestHash !== requestHash)
    return refuse("idempotency_key_reused", "This Idempotency-Key was used for another order.");
  if (earlier !== undefined && earlier.state !== "refused") return settleWith(deps, earlier, finder);

  const priced = price(request, products);
  if (!priced.ok) return priced;
  if (!(await knowsCampaign(deps, request))) return unknownCampaign();
  const counters = limitsOf(deps, channelId, request, products);
  if (!counters.ok) return counters;
  const order = await draft(deps, { id, channelId, requestHash, request, products, total: priced.value, earlier });
  const isUnpaid = order.state === "awaiting_payment";
  if (!isUnpaid && !(await covers(deps, order))) return unlessTwin(deps, order, finder, notEnoughFunds());

  for (const product of products.filter((one) => !sellsFromStock(one)))
    if (!(await canBeBought(deps, product))) return unlessTwin(deps, order, finder, notEnoughStock());
  const taken = await takeTickets(deps, order, products);
  if (!taken) return unlessTwin(deps, order, finder, notEnoughStock());
  const put = await putOrder(deps, order, earlier, withCounters(order, counters.value, request));
  if (put.ok) return settleWith(deps, order, finder);
  await giveAllBack(deps, ticketsOf(order.lines));
  if ("limit" in put) return unlessTwin(deps, order, finder, limitReached(put.limit));
  return unlessTwin(deps, order, finder, refuse("busy", "Another request with this key is being refused just now."));
}

/**
 * While this process knows that a product of the order is sold out, a loser of a flash sale costs one read: is its order
 * there already? What it asks for is not looked at; a second later it is.
 */
function isRememberedSoldOut(deps: PlaceDeps, { lines }: NewOrder): boolean {
  return lines.some(
    ({ productId }) =>
      isRemembered(productId, ({ sources }) => supplierSources({ sources }).length === 0) &&
      isKnownSoldOut(deps, productId, deps.clock()),
  );
}

/** Can the channel pay? Most can, as of a moment ago; who seems not to is looked at again, for a deposit may be new. */
export async function covers(
  deps: Db<"ledger">,
  { channelId, total }: Pick<Order, "channelId" | "total">,
): Promise<boolean> {
  const recently = await readAccount(deps, channelId, total.currency, false);
  if ((recently?.spendable ?? 0) >= total.amount) return true;
  const now = await readAccount(deps, channelId, total.currency);
  return (now?.spendable ?? 0) >= total.amount;
}

/** A refusal speaks only if no twin request made the order in the meantime. */
async function unlessTwin(deps: PlaceDeps, mine: Order, finder: Finder, refusal: Refusal): Promise<Result<Order>> {
  const twin = await readOrder(deps, mine.id);
  if (twin === undefined || twin.state === "refused") return refusal;
  if (twin.requestHash !== mine.requestHash)
    return refuse("idempotency_key_reused", "This Idempotency-Key was used for another order.");
  return settleWith(deps, twin, finder);
}

async function settleWith(deps: PlaceDeps, order: Order, finder: Finder): Promise<Result<Order>> {
  const moved = await advance(deps, order, finder);
  if (moved.state !== "refused") return ok(moved);
  return moved.refusal === "insufficient_funds" ? notEnoughFunds() : notEnoughStock();
}

const notEnoughFunds = (): Refusal => refuse("insufficient_funds", "The balance does not cover the order.");
const notEnoughStock = (): Refusal => refuse("sold_out", "There are not enough codes left for the order.");

/** A misspelt campaign must not quietly buy from everybody's stock. */
async function knowsCampaign(deps: PlaceDeps, { campaign, lines }: NewOrder): Promise<boolean> {
  if (campaign === undefined) return true;
  const known = await Promise.all(lines.map(({ productId }) => hasCampaign(deps, productId, campaign)));
  return known.includes(true);
}

const unknownCampaign = (): Refusal =>
  refuse("invalid_request", "No product of the order has stock for this campaign.", [
    { pointer: "/campaign", message: "is unknown" },
  ]);

type Draft = {
  id: string;
  channelId: string;
  requestHash: string;
  request: NewOrder;
  products: ProductVersion[];
  total: Money;
  earlier: Order | undefined;
};

async function draft(deps: PlaceDeps, of: Draft): Promise<Order> {
  const { id, channelId, requestHash, request, products, total, earlier } = of;
  const lines = request.lines.map(async (wanted, index): Promise<Line> => {
    const product = products.find((one) => one.id === wanted.productId);
    if (product === undefined) throw new Error("priced without its product");
    const lineId = String(index + 1);
    const { kind, name } = product;
    const line: Line = {
      id: lineId,
      productId: product.id,
      productVersion: product.version,
      kind,
      name,
      quantity: wanted.quantity,
      unitPrice: product.price.amount,
      state: "open",
    };
    if (wanted.recipient === undefined) return line;
    return { ...line, recipient: await deps.sealRecipient(wanted.recipient.account, recipientBinding(id, line)) };
  });
  const { campaign, reference, metadata } = request;
  return {
    id,
    channelId,
    version: (earlier?.version ?? 0) + 1,
    epoch: (earlier?.epoch ?? 0) + 1,
    run: (earlier?.run ?? 0) + 1,
    ...payable(request, products, deps.clock()),
    requestHash,
    placedAt: earlier?.placedAt ?? deps.clock().toISOString(),
    total,
    lines: await Promise.all(lines),
    refunded: 0,
    ...promised(products),
    ...(campaign === undefined ? {} : { campaign }),
    ...(reference === undefined ? {} : { reference }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** An order that is paid at once is open; one that is paid later keeps its codes for as long as the most impatient product says. */
function payable(
  { payment }: NewOrder,
  products: readonly ProductVersion[],
  now: Date,
): Pick<Order, "state" | "expiresAt"> {
  if (payment.method === "balance") return { state: "open" };
  const seconds = Math.min(...products.map(({ holdSeconds = LIMITS.unpaidSeconds }) => holdSeconds));
  return { state: "awaiting_payment", expiresAt: after(now, seconds) };
}

/** What is promised for the order is the shortest promise of its products; a person looks as soon as one of them says so. */
function promised(products: readonly ProductVersion[]): { promise?: DeliveryPromise } {
  const promises = products.flatMap(({ deliverWithinSeconds }) => deliverWithinSeconds ?? []);
  if (promises.length === 0) return {};
  const whenLate = products.some((product) => product.whenLate === "review") ? "review" : "wait";
  return { promise: { withinSeconds: Math.min(...promises), whenLate } };
}

/**
 * Draws tickets for all lines that are sold from our stock and writes them into the draft. What our stock is short of stays
 * without tickets if a supplier has it too; otherwise the order takes all or nothing. Lines of one product share a draw, so
 * that they can't starve each other; a line is never half from stock.
 */
async function takeTickets(deps: PlaceDeps, order: Order, products: readonly ProductVersion[]): Promise<boolean> {
  const drawn: Ticket[] = [];
  for (const product of products.filter(sellsFromStock)) {
    const lines = order.lines.filter((line) => line.productId === product.id);
    const quantity = lines.reduce((total, line) => total + line.quantity, 0);
    // One who asks for more than there is must not empty the shelf for the others until it is swept.
    const isHopeless = quantity > 1 && (await stockLeft(deps, product.id, order, deps.clock())) < quantity;
    const tickets = isHopeless ? [] : await drawFor(deps, order, product.id, quantity);
    if (tickets.length < quantity && !(await canBeBought(deps, product))) {
      await giveAllBack(deps, [...drawn, ...tickets]);
      return false;
    }
    for (const line of lines) {
      if (tickets.length < line.quantity) continue;
      line.tickets = tickets.splice(0, line.quantity);
      drawn.push(...line.tickets);
    }
    await giveAllBack(deps, tickets);
  }
  return true;
}

/** Does a supplier have it, as far as their catalogues say? What they all lack is refused before anybody pays. */
async function canBeBought(deps: PlaceDeps, product: ProductVersion): Promise<boolean> {
  const sources = supplierSources(product);
  const now = deps.clock();
  return sources.length > 0 && reachOf(sources, await readMarket(deps, sources, now), now).isThere;
}

async function giveAllBack(deps: PlaceDeps, tickets: readonly Ticket[]): Promise<void> {
  await Promise.all(tickets.map((ticket) => giveBack(deps, ticket, "anyone")));
}
