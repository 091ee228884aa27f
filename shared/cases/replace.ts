import { giveBack } from "../inventory/give-back.ts";
import { costOf, type Slot, type Ticket } from "../inventory/model.ts";
import { readSlots } from "../inventory/slots.ts";
import { sellWrite, swapWrites } from "../inventory/swap-sold.ts";
import type { Money } from "../kernel/money.ts";
import { bookingWrites } from "../ledger/books.ts";
import { drawFor } from "../orders/draw.ts";
import { soldLater } from "../orders/line-cost.ts";
import { type Line, type Order, withLine } from "../orders/model.ts";
import { staying } from "../orders/round.ts";
import { added, swapCosts } from "./costs.ts";
import type { CaseDeps } from "./deps.ts";
import type { Case, CaseDecision } from "./model.ts";
import { type MovedCase, moveCase } from "./move.ts";

/**
 * What came of doing something for a case. `moved`: written, or somebody was faster · `sold_out`: there are not enough codes · `disputed`: its
 * money is disputed · `limit`: it was refunded too often · `gone`: what it is about is not the buyer's any more.
 */
export type Acted = { kind: "moved"; moved: MovedCase } | { kind: "sold_out" | "disputed" | "limit" | "gone" };

/** A code with its place. */
type Placed = { ticket: Ticket; slot: Slot };

/** Gives those codes of a case that are still the buyer's. */
export function livingOf(order: Order, { lineId, tickets = [] }: Pick<Case, "lineId" | "tickets">): Ticket[] {
  const line = staying(order.lines).find(({ id }) => id === lineId);
  return line?.state === "fulfilled" ? tickets.filter((ticket) => line.tickets?.includes(ticket)) : [];
}

async function placed(deps: CaseDeps, tickets: readonly Ticket[]): Promise<Placed[]> {
  const slots = await readSlots(deps, tickets);
  return slots.flatMap((slot, index): Placed[] => {
    const ticket = tickets[index];
    return slot === undefined || slot.state === "moved" || ticket === undefined ? [] : [{ ticket, slot }];
  });
}

/**
 * Sells other codes of our stock to the order in the places of those that don't work, and ends the case, in one write: so each place has
 * one living code, before and after. What was drawn and not used goes back; after a crash the sweeper finds it.
 */
export async function replaceCodes(deps: CaseDeps, order: Order, one: Case, decision: CaseDecision): Promise<Acted> {
  const line = order.lines.find(({ id }) => id === one.lineId);
  const dead = await placed(deps, livingOf(order, one));
  if (line === undefined || dead.length === 0) return { kind: "gone" };
  return withDrawn(deps, order, line, dead.length, async (drawn) => {
    const fresh = await placed(deps, drawn);
    if (fresh.length < drawn.length) return undefined;
    const now = deps.clock();
    const times = { at: now.toISOString(), zone: deps.zone };
    const { booked, more } = await swapCosts(deps, line, one.id, { dead, fresh }, times);
    const pairs = dead.map(({ ticket }, index) => ({ dead: ticket, fresh: drawn[index] ?? "" }));
    const of = { orderId: order.id, caseId: one.id, now };
    const writes = [...pairs.flatMap((pair) => swapWrites(deps, pair, of)), ...(await bookingWrites(deps, booked))];
    const swaps = dead.map(({ slot }, index) => ({ dead: slot.codeId, fresh: fresh[index]?.slot.codeId ?? "" }));
    const { reason } = decision;
    const end = { state: "replaced", reason, endedAt: times.at, swaps, waitsFor: undefined } as const;
    return moveCase(deps, order, one, end, { order: { lines: withLine(order, swapped(line, pairs, more)) }, writes });
  });
}

function swapped(line: Line, pairs: readonly { dead: Ticket; fresh: Ticket }[], more: readonly Money[]) {
  const byDead = new Map(pairs.map((pair) => [pair.dead, pair.fresh]));
  const before = line.swapped ?? { dead: [], fresh: [] };
  const cost = added(before.cost, more);
  return {
    ...line,
    tickets: (line.tickets ?? []).map((ticket) => byDead.get(ticket) ?? ticket),
    swapped: {
      dead: [...before.dead, ...pairs.map((pair) => pair.dead)],
      fresh: [...before.fresh, ...pairs.map((pair) => pair.fresh)],
      ...(cost.length === 0 ? {} : { cost }),
    },
  };
}

/** Puts the goods that a supplier has sent in the places of those that don't work, and ends the case, in one write. */
export async function replaceWith(
  deps: CaseDeps,
  order: Order,
  one: Case,
  tickets: readonly Ticket[],
): Promise<MovedCase | undefined> {
  const line = order.lines.find(({ id }) => id === one.lineId);
  const [dead, fresh] = [await placed(deps, livingOf(order, one)), await placed(deps, tickets)];
  if (line === undefined || dead.length === 0 || dead.length !== fresh.length) return undefined;
  const now = deps.clock();
  const pairs = dead.map(({ ticket }, index) => ({ dead: ticket, fresh: tickets[index] ?? "" }));
  const swaps = dead.map(({ slot }, index) => ({ dead: slot.codeId, fresh: fresh[index]?.slot.codeId ?? "" }));
  const { asked } = one;
  const end = { state: "replaced", reason: "supplier_agreed", endedAt: now.toISOString(), swaps, asked } as const;
  const writes = pairs.flatMap((pair) => swapWrites(deps, pair, { orderId: order.id, caseId: one.id, now }));
  const next = swapped(line, pairs, []);
  // What the supplier sends is no code of our stock.
  const after = { ...next, swapped: { ...next.swapped, fresh: line.swapped?.fresh ?? [] } };
  return moveCase(deps, order, one, end, { order: { lines: withLine(order, after) }, writes });
}

/**
 * Gives the buyer pieces more, of the same product and for nothing: a line of their own, sold and named in the write that ends the case.
 */
export async function givePieces(deps: CaseDeps, order: Order, one: Case, decision: CaseDecision): Promise<Acted> {
  const line = order.lines.find(({ id }) => id === one.lineId);
  const { pieces = 1, reason } = decision;
  if (line === undefined) return { kind: "gone" };
  return withDrawn(deps, order, line, pieces, async (drawn) => {
    const fresh = await placed(deps, drawn);
    if (fresh.length < drawn.length) return undefined;
    const now = deps.clock();
    const { productId, productVersion, kind, name } = line;
    const free = { quantity: pieces, unitPrice: 0, net: 0, given: one.id } as const;
    const id = String(order.lines.length + 1);
    const given: Line = { id, productId, productVersion, kind, name, ...free, state: "fulfilled", tickets: [...drawn] };
    const sold = await soldLater(deps, order, given, costOf(fresh.map(({ slot }) => slot)));
    const writes = [...drawn.map((ticket) => sellWrite(deps, ticket, order.id, now)), ...sold.writes];
    const end = { state: "compensated", reason, endedAt: now.toISOString(), waitsFor: undefined } as const;
    return moveCase(deps, order, one, end, { order: { lines: [...order.lines, sold.line] }, writes });
  });
}

/** Draws codes, and gives those back that the order does not name afterwards: after a lost answer our own write looks like another's. */
async function withDrawn(
  deps: CaseDeps,
  order: Order,
  { productId }: Line,
  quantity: number,
  use: (drawn: readonly Ticket[]) => Promise<MovedCase | undefined>,
): Promise<Acted> {
  const drawn = await drawFor(deps, order, productId, quantity);
  const giveBackAll = (tickets: readonly Ticket[]) =>
    Promise.all(tickets.map((ticket) => giveBack(deps, ticket, "anyone")));
  const moved = drawn.length < quantity ? undefined : await use(drawn);
  if (moved === undefined) {
    await giveBackAll(drawn);
    return { kind: "sold_out" };
  }
  const named = new Set(moved.order.lines.flatMap(({ tickets = [] }) => tickets));
  if (!moved.ok) await giveBackAll(drawn.filter((ticket) => !named.has(ticket)));
  return { kind: "moved", moved };
}
