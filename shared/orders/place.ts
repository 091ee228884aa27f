import { type Db, isNotNow } from "../aws/dynamo.ts";
import { sourcesWithin } from "../catalog/margin.ts";
import { type ProductVersion, sellsFromStock, supplierSources } from "../catalog/model.ts";
import { isRemembered } from "../catalog/products.ts";
import { findSeen, isSeenBy, type Viewer } from "../catalog/seen.ts";
import { isKnownSoldOut, stockLeft } from "../inventory/availability.ts";
import { giveBack } from "../inventory/give-back.ts";
import type { Ticket } from "../inventory/model.ts";
import { hasCampaign } from "../inventory/pools.ts";
import { type Refusal, type Result, refuse } from "../kernel/problem.ts";
import { buyerOf, type Counter } from "../limits/model.ts";
import type { LinkToken } from "../secrecy/link-tokens.ts";
import { askedFor, type RecognitionDeps } from "../secrecy/recognition.ts";
import { reachOf, readMarket } from "../suppliers/market.ts";
import type { User } from "../usage/model.ts";
import type { Finder } from "./advance.ts";
import { notEnoughStock, orderAskedAgain, settleWith, unlessTwin } from "./answers.ts";
import { chosenIn, paymentFirst } from "./checkout.ts";
import { withinDay } from "./day-use.ts";
import type { OrderDeps } from "./deps.ts";
import { type Draft, type DraftDeps, draft, type Placing } from "./draft.ts";
import { drawFor } from "./draw.ts";
import { covers, notCovered } from "./funding.ts";
import { putLink } from "./link.ts";
import { type Order, ticketsOf } from "./model.ts";
import { limitReached, limitsOf, withCounters } from "./order-limits.ts";
import { namesOf, putPeople } from "./people.ts";
import { placeLarge } from "./place-large.ts";
import { checkRecipients, price } from "./price.ts";
import { isLarge, type NewOrder } from "./request.ts";
import { orderIdFor, type Put, putOrder, readOrder } from "./table.ts";

export type PlaceDeps = OrderDeps & Db<"catalog" | "operations" | "identity"> & DraftDeps & RecognitionDeps;

type PlacedBy = { linkToken?: LinkToken | undefined; tiers?: readonly string[] | undefined; user?: User };

/**
 * Places an order, or finds the one that this idempotency key has placed and helps it along: ticket, order, money,
 * slot, finish. A refusal is not remembered, so the same key may be tried again. `linkToken`: makes a link of the buyer's page with it.
 * `tiers`: those that the channel is in. `user`: whose use of a day it counts against.
 */
export async function placeOrder(
  deps: PlaceDeps,
  channelId: string,
  idempotencyKey: string,
  request: NewOrder,
  finder: Finder,
  { linkToken, tiers, user }: PlacedBy = {},
): Promise<Result<Order>> {
  const viewer = { channelId, tiers };
  const id = orderIdFor(channelId, idempotencyKey);
  const productIds = request.lines.map((line) => line.productId);
  const gone = rememberedSoldOut(deps, viewer, request);
  if (isHopeless(request, gone) && (await readOrder(deps, id)) === undefined) return notEnoughStock(gone);
  const [earlier, products, recognise] = await Promise.all([
    // This read may be a moment old: the put finds what it missed.
    readOrder(deps, id, false),
    findSeen(deps, viewer, productIds, deps.clock()),
    deps.recognise(),
  ]);
  const asked = askedFor(recognise, id, request, { idempotencyKey, request });
  const known = earlier === undefined ? undefined : orderAskedAgain(earlier, asked);
  if (known?.ok === false) return known;
  if (earlier !== undefined && earlier.state !== "refused") return settleWith(deps, earlier, finder);

  const placing: Placing = {
    id,
    channelId,
    asked,
    buyer: buyerOf(recognise, channelId, request.buyer),
    request,
    products,
    earlier,
    linkToken,
    people: namesOf(recognise, request.contact ?? {}),
  };
  const placed = await placeNew(deps, placing, finder, user);
  // A refusal must be definite, because the caller then buys elsewhere.
  return placed.ok ? placed : unlessTwin(deps, placing, finder, placed);
}

/**
 * Places an order that no earlier request seems to have placed. Its refusals rest on reads that may be a moment old, so
 * they don't mean that there is no order.
 */
async function placeNew(
  deps: PlaceDeps,
  asked: Placing,
  finder: Finder,
  user: User | undefined,
): Promise<Result<Order>> {
  const { request, products, channelId } = asked;
  const large = isLarge(request);
  // If the buyer takes less, the total is known only when the quantity is.
  const fits = checkRecipients(request, products);
  if (!fits.ok) return fits;
  const priced = price(large ? { lines: request.lines } : request, products);
  if (!priced.ok) return priced;
  if (!(await knowsCampaign(deps, request))) return unknownCampaign();
  const chosen = await chosenIn(deps, channelId, request);
  if (!chosen.ok) return chosen;
  const placing: Placing = { ...asked, ...chosen.value };
  return withinDay(deps, user, request, priced.value, () =>
    large ? placeLarge(deps, placing, finder) : placePriced(deps, { ...placing, priced: priced.value }, finder),
  );
}

async function placePriced(deps: PlaceDeps, placing: Draft, finder: Finder): Promise<Result<Order>> {
  const { request, products } = placing;
  const counters = limitsOf(deps, placing, request.lines);
  if (!counters.ok) return counters;
  const order = await draft(deps, placing);
  const isUnpaid = order.state === "awaiting_payment";
  const covered = isUnpaid ? "yes" : await covers(deps, order);
  if (covered !== "yes") return notCovered(covered);

  for (const product of products.filter((one) => !sellsFromStock(one)))
    if (!(await canBeBought(deps, product))) return notEnoughStock(linesOf(request, product.id));
  const short = await takeTickets(deps, order, products);
  if (short !== undefined) return notEnoughStock(linesOf(request, short));
  const put = await putOrGiveBack(deps, placing, order, withCounters(order, counters.value, placing));
  if (put.ok) return settleWith(deps, put.order, finder);
  await giveAllBack(deps, ticketsOf(order.lines));
  if ("limit" in put) return limitReached(put.limit);
  return refuse("busy", "Another request with this key is being refused just now.");
}

/** Puts the order. If one of its counters is too busy, its tickets go back at once: other buyers need them. */
async function putOrGiveBack(
  deps: PlaceDeps,
  { earlier, chosen, linkToken, people }: Placing,
  order: Order,
  counters: Counter[],
): Promise<Put> {
  try {
    if (linkToken !== undefined) await putLink(deps, linkToken, order);
    await putPeople(deps, people, order);
    return await putOrder(deps, order, earlier, counters, await paymentFirst(deps, order, chosen));
  } catch (error) {
    if (isNotNow(error)) await giveAllBack(deps, ticketsOf(order.lines));
    throw error;
  }
}

/** Tells of which lines this process knows that they are sold out, and that no supplier may have them. */
function rememberedSoldOut(deps: PlaceDeps, viewer: Viewer, { lines }: NewOrder): boolean[] {
  const isStockOnly = (productId: string): boolean =>
    isRemembered(productId, (product) => isSeenBy(product, viewer) && supplierSources(product).length === 0);
  return lines.map(({ productId }) => isStockOnly(productId) && isKnownSoldOut(deps, productId, deps.clock()));
}

/**
 * Tells whether an order can't be had, as some lines are `gone`. Then a late buyer in a flash sale costs one read (is
 * the order there already?). The request is not compared for this second.
 */
const isHopeless = ({ acceptLess }: NewOrder, gone: readonly boolean[]): boolean =>
  acceptLess === true ? !gone.includes(false) : gone.includes(true);

const linesOf = ({ lines }: NewOrder, wanted: string): boolean[] => lines.map(({ productId }) => productId === wanted);

/**
 * Tells whether any product of the order has stock for its campaign. A misspelt campaign must not buy from the total
 * pool unnoticed.
 */
async function knowsCampaign(deps: PlaceDeps, { campaign, lines }: NewOrder): Promise<boolean> {
  if (campaign === undefined) return true;
  const known = await Promise.all(lines.map(({ productId }) => hasCampaign(deps, productId, campaign)));
  return known.includes(true);
}

const unknownCampaign = (): Refusal =>
  refuse("invalid_request", "No product of the order has stock for this campaign.", [
    { pointer: "/campaign", message: "is unknown" },
  ]);

/**
 * Draws tickets for all lines that are sold from our stock and writes them into the draft. A line that our stock is
 * short of stays without tickets if a supplier has it too; otherwise the order takes all or nothing. Lines of one
 * product share a draw, so that they can't take codes from each other. A line is never half from stock. Returns the
 * product of which there is too little, if any.
 */
async function takeTickets(
  deps: PlaceDeps,
  order: Order,
  products: readonly ProductVersion[],
): Promise<string | undefined> {
  const drawn: Ticket[] = [];
  for (const product of products.filter(sellsFromStock)) {
    const lines = order.lines.filter((line) => line.productId === product.id);
    const quantity = lines.reduce((total, line) => total + line.quantity, 0);
    // An order for more than there is must not empty the stock for others until the next sweep.
    const isTooMuch = quantity > 1 && (await stockLeft(deps, product.id, order, deps.clock(), quantity)) < quantity;
    const tickets = isTooMuch ? [] : await drawFor(deps, order, product.id, quantity);
    if (tickets.length < quantity && !(await canBeBought(deps, product))) {
      await giveAllBack(deps, [...drawn, ...tickets]);
      return product.id;
    }
    for (const line of lines) {
      if (tickets.length < line.quantity) continue;
      line.tickets = tickets.splice(0, line.quantity);
      drawn.push(...line.tickets);
    }
    await giveAllBack(deps, tickets);
  }
  return undefined;
}

/**
 * Tells whether a supplier has the product, and asks no more than the channel pays, as far as catalogues say. What all of them lack is
 * refused before anybody pays.
 */
async function canBeBought(deps: PlaceDeps, product: ProductVersion): Promise<boolean> {
  const sources = supplierSources(product);
  const now = deps.clock();
  if (sources.length === 0) return false;
  const market = await readMarket(deps, sources, now);
  return reachOf(sourcesWithin(product, market, now), market, now).isThere;
}

async function giveAllBack(deps: PlaceDeps, tickets: readonly Ticket[]): Promise<void> {
  await Promise.all(tickets.map((ticket) => giveBack(deps, ticket, "anyone")));
}
