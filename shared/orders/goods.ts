import type { KMSClient } from "@aws-sdk/client-kms";
import { recordReveal } from "../audit/records.ts";
import type { Db } from "../aws/dynamo.ts";
import { isStocked } from "../catalog/kinds.ts";
import { type Code, openCode } from "../inventory/code.ts";
import { type Slot, type Ticket, ticketFor } from "../inventory/model.ts";
import { readSlots } from "../inventory/slots.ts";
import type { Clock } from "../kernel/clock.ts";
import { inParallel } from "../kernel/in-parallel.ts";
import { ok, type Refusal, type Result, refuse } from "../kernel/problem.ts";
import { isDisputed } from "./disputed.ts";
import { type Line, type Order, reservedIn } from "./model.ts";
import { staying } from "./round.ts";
import { isFinal, isUnwinding } from "./states.ts";
import { moveOrder } from "./table.ts";

export type GoodsDeps = Db<"orders" | "inventory" | "audit"> & { kms: KMSClient; codesKey: string; clock: Clock };

/** Who looks at the goods: which API key, from which address, in which request. */
export type Looker = { keyId: string; sourceIp: string; requestId: string };

/** The codes of an order by line, opened. */
export type Goods = Map<string, Code[]>;

/** Codes of an order. `pieces` are opened; `unreadable` were sealed wrongly, so nobody can open them. */
export type Pieces = { pieces: { lineId: string; code: Code }[]; unreadable: { lineId: string; codeId: string }[] };

/** A page of codes, and where the next one begins. */
export type GoodsPage = Pieces & { next: number | null };

/**
 * Opens all codes of an order that one request has sold. (Codes of a large order are read page by page.) The look is on
 * record first: on the order, which can't be cancelled from then on, and in the audit trail, once for every look.
 * `sold` is what the finishing write of this very call returned; that write recorded the look itself.
 */
export async function revealGoods(
  deps: GoodsDeps,
  order: Order,
  looker: Looker,
  sold?: ReadonlyMap<Ticket, Slot>,
): Promise<Result<Goods>> {
  if (reservedIn(order.lines).length > 0) return ok(new Map());
  const places = placesIn(order);
  if (places.length === 0) return ok(new Map());
  if (sold === undefined) {
    const onRecord = await putOnRecord(deps, order, looker);
    if (!onRecord.ok) return onRecord;
  }
  const { pieces, unreadable } = await openPlaces(deps, order, places, sold);
  // The order's pages name the unreadable ones.
  if (unreadable.length > 0) return ok(new Map());
  const goods: Goods = new Map();
  for (const { lineId, code } of pieces) goods.set(lineId, [...(goods.get(lineId) ?? []), code]);
  return ok(goods);
}

/**
 * Opens one page of an order's codes, on record like `revealGoods`. Holes of a large order's runs are left out, so a
 * page may be shorter than asked for; `next` says whether there are more.
 */
export async function revealPage(
  deps: GoodsDeps,
  order: Order,
  looker: Looker,
  { from, limit }: { from: number; limit: number },
): Promise<Result<GoodsPage>> {
  const places = placesIn(order);
  if (places.length === 0) return ok({ pieces: [], unreadable: [], next: null });
  const onRecord = await putOnRecord(deps, order, looker);
  if (!onRecord.ok) return onRecord;
  const to = from + limit;
  const opened = await openPlaces(deps, order, places.slice(from, to));
  return ok({ ...opened, next: to < places.length ? to : null });
}

/** Opens all codes of an order of any size, in their order. The look is put on record once. */
export async function revealAll(deps: GoodsDeps, order: Order, looker: Looker): Promise<Result<Pieces>> {
  const places = placesIn(order);
  if (places.length === 0) return nothingToShow();
  const onRecord = await putOnRecord(deps, order, looker);
  if (!onRecord.ok) return onRecord;
  const starts = Array.from(
    { length: Math.ceil(places.length / PLACES_PER_READ) },
    (_, part) => part * PLACES_PER_READ,
  );
  const parts = await inParallel(READS_AT_ONCE, starts, (from) =>
    openPlaces(deps, order, places.slice(from, from + PLACES_PER_READ)),
  );
  return ok({
    pieces: parts.flatMap(({ pieces }) => pieces),
    unreadable: parts.flatMap(({ unreadable }) => unreadable),
  });
}

/** Each part is one read of the table. Eight of them, about 70 KB each, keep one processor busy with opening. */
const PLACES_PER_READ = 100;
const READS_AT_ONCE = 8;

const nothingToShow = (): Refusal => refuse("not_found", "The order has nothing to show.");

async function putOnRecord(deps: GoodsDeps, order: Order, looker: Looker): Promise<Result<undefined>> {
  const marked = await markRevealed(deps, order, looker);
  if (!marked.ok) return marked;
  await recordReveal(deps, order, looker, deps.clock());
  return ok(undefined);
}

/** The place of a piece of a line. A place in a run of a large order may be a hole. */
type Place = { lineId: string; ticket: Ticket; mayBeHole: boolean };

/**
 * Gives the lines whose goods may be seen. A large order that is all or nothing shows none before all of it is sold,
 * because until then all of it may go back.
 */
function visibleIn({ state, lines, acceptLess, reopened }: Order): Line[] {
  const isSold = isFinal(state) || reopened === true;
  const mayAllGoBack = reservedIn(lines).length > 0 && acceptLess !== true && !isSold;
  return mayAllGoBack ? [] : staying(lines).filter((line) => isStocked(line.kind) && line.state === "fulfilled");
}

/** Counts the places of an order whose codes may be seen now. A place of a large order may be a hole. */
export const piecesToSee = (order: Order): number =>
  visibleIn(order).reduce(
    (sum, { tickets = [], reserved = [] }) =>
      sum + tickets.length + reserved.reduce((pieces, { quantity }) => pieces + quantity, 0),
    0,
  );

function placesIn(order: Order): Place[] {
  return visibleIn(order).flatMap(({ id: lineId, tickets = [], reserved = [] }) => [
    ...tickets.map((ticket) => ({ lineId, ticket, mayBeHole: false })),
    ...reserved.flatMap(({ slab, pool, first, quantity }) =>
      Array.from({ length: quantity }, (_, index) => {
        return { lineId, ticket: ticketFor(slab, first + index, pool), mayBeHole: true };
      }),
    ),
  ]);
}

async function openPlaces(
  deps: GoodsDeps,
  order: Order,
  places: readonly Place[],
  sold?: ReadonlyMap<Ticket, Slot>,
): Promise<Pieces> {
  const tickets = places.map(({ ticket }) => ticket);
  const slots = sold === undefined ? await readSlots(deps, tickets) : tickets.map((ticket) => sold.get(ticket));
  const looked = places.map(async ({ lineId, ticket, mayBeHole }, index) => {
    const slot = slots[index];
    if (slot?.state === "sold" && slot.orderId === order.id)
      return [{ lineId, codeId: slot.codeId, code: await openCode(deps, slot) }];
    // It was refunded since the order was read.
    if (slot?.state === "void" && slot.orderId === order.id) return [];
    if (mayBeHole) return [];
    throw new Error(`order ${order.id} does not own ${ticket}`);
  });
  const found = (await Promise.all(looked)).flat();
  return {
    pieces: found.flatMap(({ lineId, code }) => (code === undefined ? [] : [{ lineId, code }])),
    unreadable: found.flatMap(({ lineId, codeId, code }) => (code === undefined ? [{ lineId, codeId }] : [])),
  };
}

/** Marks the order as revealed. The mark is a condition on the order, and so is every way back: they can't both win. */
async function markRevealed(deps: GoodsDeps, order: Order, looker: Looker): Promise<Result<Order>> {
  let current = order;
  while (current.revealed === undefined) {
    if (isUnwinding(current.state) || visibleIn(current).length === 0) return nothingToShow();
    if (await isDisputed(deps, current))
      return refuse("payment_disputed", "Its payment is disputed: nobody may look at it for the first time now.");
    const { keyId: by, sourceIp: from, requestId } = looker;
    const revealed = { by, from, requestId, at: deps.clock().toISOString() };
    current = (await moveOrder(deps, current, { revealed })).order;
  }
  return ok(current);
}
