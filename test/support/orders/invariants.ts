import type { Db } from "../../../shared/aws/dynamo.ts";
import { isStocked } from "../../../shared/catalog/kinds.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { allDirectories } from "../../../shared/inventory/directory.ts";
import { placeOf, type Range, type SlotState, type Ticket, ticketFor } from "../../../shared/inventory/model.ts";
import { allRanges } from "../../../shared/inventory/ranges.ts";
import { readSlots as readSlotsAt } from "../../../shared/inventory/slots.ts";
import { numberOf, slotPartitions } from "../../../shared/inventory/table.ts";
import type { Entry } from "../../../shared/ledger/entries.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { type Account, pendingsIn } from "../../../shared/ledger/model.ts";
import { isBought, type Line, type Order } from "../../../shared/orders/model.ts";
import { countedPayment } from "../../../shared/orders/payers.ts";
import { marginOfAll, paidByChannel, piecesLeft, wentBack } from "../../../shared/orders/shares.ts";
import { isFinal } from "../../../shared/orders/states.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { queryAll } from "../engine/query-all.ts";
import {
  costsWhatItCost,
  earnedBy,
  gainOf,
  otherEntries,
  purchasesAreBooked,
  readEntries,
  soldBy,
  wrongBooks,
} from "./books.ts";

// What must be true of the tables at any quiet moment, whatever happened before. Each check gives what is wrong, in
// words; a test expects nothing.

type Deps = Db<"inventory" | "orders" | "ledger">;
/** A moved slot without a code is a tombstone: its number was drawn and never filled. */
type SlotSeen = { state: SlotState; orderId?: string; codeId: string | undefined; ticket: Ticket; number: number };
type Run = { range: Range; slots: SlotSeen[]; listed: boolean };

export type Scope = {
  products: readonly string[];
  /** Whose accounts must add up. */
  channels?: readonly string[];
  /** Orders that own nothing would not be met in stock: name them here. */
  orders?: readonly string[];
  currency?: string;
  /** "swept": whatever is available must also be for sale. Otherwise tickets may still be out. */
  stock?: "swept" | "unswept";
};

/** Everything that is wrong with these products, accounts and orders. */
export async function violations(deps: Deps, scope: Scope): Promise<string[]> {
  const owners = new Map<string, Ticket[]>();
  const wrong: string[] = [];
  for (const productId of scope.products) {
    const runs = await readRuns(deps, productId);
    wrong.push(...oneOwnerEach(runs), ...(await countsAddUp(deps, productId, runs)));
    if (scope.stock !== "unswept") wrong.push(...allIsForSale(runs));
    for (const { ticket, state, orderId } of runs.flatMap(({ slots }) => slots))
      if (state === "sold") owners.set(orderId ?? "nobody", [...(owners.get(orderId ?? "nobody") ?? []), ticket]);
  }
  const ids = new Set([...owners.keys(), ...(scope.orders ?? [])]);
  const orders = new Map<string, Order>();
  for (const id of ids) {
    const order = await readOrder(deps, id);
    if (order !== undefined) orders.set(id, order);
    wrong.push(...ownsWhatItBought(id, order, owners.get(id) ?? []));
    if (order === undefined) continue;
    wrong.push(...(await hasWhatSuppliersSent(deps, order)), ...(await voidsWhatWasSeen(deps, order)));
  }
  for (const channelId of scope.channels ?? [])
    wrong.push(...(await moneyAddsUp(deps, channelId, scope.currency ?? "CNY", [...orders.values()])));
  return wrong;
}

function oneOwnerEach(runs: readonly Run[]): string[] {
  const places = new Map<string, Ticket[]>();
  for (const { ticket, state, codeId } of runs.flatMap(({ slots }) => slots))
    if (codeId !== undefined && state !== "moved") places.set(codeId, [...(places.get(codeId) ?? []), ticket]);
  return [...places].flatMap(([codeId, at]) => (at.length > 1 ? [`${codeId} lies in ${at.join(" and ")}`] : []));
}

async function countsAddUp(deps: Deps, productId: string, runs: readonly Run[]): Promise<string[]> {
  const { imported, available, frozen, held, sold, void: voided } = await countStock(deps, productId, new Date());
  const codes = new Set(runs.flatMap(({ slots }) => slots.flatMap(({ codeId }) => codeId ?? []))).size;
  const wrong: string[] = [];
  if (imported !== available + frozen + held + sold + voided)
    wrong.push(`${productId}: imported ${imported} but ${available} + ${frozen} + ${held} + ${sold} + ${voided}`);
  if (imported !== codes) wrong.push(`${productId}: imported ${imported} but there are ${codes} codes`);
  return wrong;
}

/** Available codes lie between head and tail of a listed range, and nowhere else; what lies there is for sale or a stone. */
function allIsForSale(runs: readonly Run[]): string[] {
  return runs.flatMap(({ range, slots, listed }) => {
    const { id, slab, head, tail, left, state: rangeState } = range;
    const wrong = tail - head === left ? [] : [`${id}: left ${left} between ${head} and ${tail}`];
    for (const { number, ticket, state } of slots) {
      const onSale = number >= head && number < tail && listed;
      const isShut = rangeState === "void" || rangeState === "order";
      if (state === "available" && !onSale && !isShut) wrong.push(`${ticket} is available and not for sale`);
      if (state === "sold" && number >= head) wrong.push(`${ticket} is sold and for sale`);
    }
    for (let number = head; number < tail; number++)
      if (!slots.some((slot) => slot.number === number)) wrong.push(`${ticketFor(slab, number)} is for sale and empty`);
    return wrong;
  });
}

function ownsWhatItBought(id: string, order: Order | undefined, owned: readonly Ticket[]): string[] {
  if (order === undefined) return owned.map((ticket) => `${ticket} is sold to ${id}, which does not exist`);
  const wrong: string[] = [];
  const bought = order.lines.filter((line) => isStocked(line.kind) && line.state === "fulfilled");
  const namedBy = (line: Line): Ticket[] => [...(line.tickets ?? []), ...placesReserved(line, owned)];
  for (const line of bought)
    if (new Set(namedBy(line)).size !== piecesLeft(line))
      wrong.push(`${id} line ${line.id}: ${piecesLeft(line)} codes, tickets ${namedBy(line).join(", ")}`);
  const dead = order.lines.flatMap(({ swapped }) => swapped?.dead ?? []);
  const ofStock = bought.flatMap((line) => (isBought(line) ? (line.swapped?.fresh ?? []) : namedBy(line)));
  const named = [...new Set([...ofStock, ...dead])].filter((ticket) => !isBoughtAt(ticket)).map(placeOnly);
  named.sort();
  if (named.join() !== owned.toSorted().join()) wrong.push(`${id} (${order.state}) names ${named}, owns ${owned}`);
  if (new Set(ofStock).size !== ofStock.length) wrong.push(`${id} names a ticket twice: ${ofStock}`);
  const living = bought.flatMap(({ tickets = [] }) => tickets).filter((ticket) => dead.includes(ticket));
  if (living.length > 0) wrong.push(`${id} shows codes that don't work: ${living}`);
  const waits = order.state === "fulfilling" || order.state === "review";
  if (!isFinal(order.state) && !waits) wrong.push(`${id} is stranded: ${order.state}`);
  return wrong;
}

/** A slot that is named by a purchase lies beside the stock. */
const isBoughtAt = (ticket: Ticket): boolean => /^p[0-9a-f]{16}$/.test(placeOf(ticket).slab);

/** The places in the runs that were cut off for a line, without the holes. */
function placesReserved({ reserved = [] }: Line, owned: readonly Ticket[]): Ticket[] {
  const isOwned = new Set(owned);
  return reserved.flatMap(({ slab, first, quantity }) =>
    Array.from({ length: quantity }, (_, index) => ticketFor(slab, first + index)).filter((place) =>
      isOwned.has(place),
    ),
  );
}

/** A slot has one place, whichever pool its ticket came from. */
function placeOnly(ticket: Ticket): Ticket {
  const { slab, number } = placeOf(ticket);
  return ticketFor(slab, number);
}

/** What suppliers handed over lies in slots beside the stock, each sold to its order, and to no other line. */
async function hasWhatSuppliersSent(deps: Deps, order: Order): Promise<string[]> {
  const lines = order.lines.filter((line) => isBought(line) && line.tickets !== undefined);
  const tickets = lines.flatMap((line) => line.tickets ?? []);
  const slots = await readSlotsAt(deps, tickets);
  const wrong = slots.flatMap((slot, index) =>
    slot?.state === "sold" && slot.orderId === order.id ? [] : [`${order.id} has no goods at ${tickets[index]}`],
  );
  if (new Set(slots.map((slot) => (slot?.state === "sold" ? slot.codeId : undefined))).size !== tickets.length)
    wrong.push(`${order.id} has goods twice`);
  return wrong;
}

/** What was refunded after somebody had seen it is void for good, and the order's. */
async function voidsWhatWasSeen(deps: Deps, { id, lines }: Order): Promise<string[]> {
  const tickets = lines.flatMap(({ back }) => [
    ...(back?.void?.tickets ?? []),
    ...(back?.void?.reserved ?? []).flatMap(({ slab, pool, first, quantity }) =>
      Array.from({ length: quantity }, (_, index) => ticketFor(slab, first + index, pool)),
    ),
  ]);
  const wrong: string[] = [];
  for (let at = 0; at < tickets.length; at += 100) {
    const some = tickets.slice(at, at + 100);
    for (const [index, slot] of (await readSlotsAt(deps, some)).entries())
      if (slot?.state !== "void") wrong.push(`${id}: ${some[index]} was refunded, and is ${slot?.state}`);
  }
  return wrong;
}

/** Debits = credits, counters = entries + pendings, one sale for each order that was paid, and what is kept is delivered. */
export async function moneyAddsUp(
  deps: Deps,
  channelId: string,
  currency: string,
  orders: readonly Order[],
): Promise<string[]> {
  const account = await readAccount(deps, channelId, currency);
  if (account === undefined) return [`${channelId} has no account`];
  const entries = await readEntries(deps, channelId, currency);
  const others = await otherEntries(deps);
  const wrong = await wrongBooks(deps, channelId, currency);
  for (const order of orders.filter((one) => one.channelId === channelId && one.total.currency === currency)) {
    wrong.push(...paidForWhatItGot(order, account, entries));
    wrong.push(...costsWhatItCost(order, [...entries, ...others]), ...purchasesAreBooked(order, others));
  }
  return wrong;
}

function paidForWhatItGot(order: Order, account: Account, entries: readonly Entry[]): string[] {
  const { id, epoch, state, fundedAt, lines } = order;
  const wrong = pendingsIn(account)
    .filter(({ key }) => key.startsWith(`${id}@`))
    .map(({ key }) => `${key} is still pending`);
  const sales = entries.filter(({ name }) => name.startsWith(`sale:${id}@`));
  const refunds = entries.filter(({ name }) => name.startsWith(`refund:${id}@`));
  const isPaid = fundedAt !== undefined;
  if (sales.length !== (isPaid ? 1 : 0)) wrong.push(`${id} (${state}, paid: ${isPaid}) has ${sales.length} sales`);
  if (sales[0] !== undefined && sales[0].name !== `sale:${id}@${epoch}`)
    wrong.push(`${id} is at ${epoch}: ${sales[0].name}`);
  const keeps = lines.filter((line) => isPaid && line.state !== "returned");
  const kept = keeps.reduce((sum, line) => sum + paidByChannel(line) - wentBack(line).amount, 0);
  // What its buyer has paid at a provider is not the channel's.
  const paidInto = order.checkout === undefined ? gainOf : soldBy;
  const [sold, refunded] = [0 - paidInto(order.channelId, sales), paidInto(order.channelId, refunds)];
  const isAtCheckout = countedPayment(order) !== undefined;
  const [earned, should] = [
    earnedBy(order.channelId, [...sales, ...refunds]),
    isAtCheckout ? marginOfAll(keeps.map(leftOf)) : 0,
  ];
  if (earned !== should) wrong.push(`${id} (${state}): its channel has earned ${earned} with it, not ${should}`);
  if (sold - refunded !== kept) wrong.push(`${id} (${state}): sold for ${sold}, refunded ${refunded}, kept ${kept}`);
  if (state === "fulfilled" && !isPaid) wrong.push(`${id} is a gift`);
  return wrong;
}

/** The part of a line that did not go back. */
const leftOf = (line: Line): Line => ({ ...line, quantity: piecesLeft(line) });

/** Every slot of a product, moved ones included. */
export async function readSlotsOf(deps: Db<"inventory">, productId: string): Promise<SlotSeen[]> {
  return (await readRuns(deps, productId)).flatMap(({ slots }) => slots);
}

/** Every range that ever was. Finished ones leave their directory; what is still in them is looked at all the same. */
async function readRuns(deps: Db<"inventory">, productId: string): Promise<Run[]> {
  const directories = await allDirectories(deps, productId);
  const runs: Run[] = [];
  for await (const range of allRanges(deps, productId)) {
    const home = directories.find(({ pool }) => pool === range.pool);
    const listed = home?.ranges.some(({ id }) => id === range.id) === true;
    runs.push({ range, slots: await readSlots(deps, range), listed });
  }
  return runs;
}

async function readSlots(deps: Db<"inventory">, { slab, first, next, tail }: Range): Promise<SlotSeen[]> {
  const slots: SlotSeen[] = [];
  for (const partition of slotPartitions(slab, first, next ?? tail)) {
    for (const item of await queryAll(deps, deps.tables.inventory, partition)) {
      const number = numberOf(String(item["sk"]));
      const { state, codeId, orderId } = item as unknown as Pick<SlotSeen, "state" | "orderId" | "codeId">;
      const ticket = ticketFor(slab, number);
      slots.push({
        state,
        codeId,
        ...(orderId === undefined ? {} : { orderId }),
        ticket,
        number,
      });
    }
  }
  return slots;
}
