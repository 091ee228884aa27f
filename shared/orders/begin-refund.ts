import { costOf, type Reserved, type Ticket } from "../inventory/model.ts";
import { costOfRuns } from "../inventory/run-cost.ts";
import { readSlots } from "../inventory/slots.ts";
import { endsOfRuns } from "../inventory/void-sold.ts";
import type { OrderDeps } from "./deps.ts";
import type { Line, Order } from "./model.ts";
import type { Leaving } from "./places.ts";
import type { Part } from "./shares.ts";
import { isFinal } from "./states.ts";
import { type Change, type Moved, moveOrder } from "./table.ts";

/** Why a refund is made: one cause is one refund. `what`: a fingerprint of what was asked for, by which another wish is told. */
export type RefundCause = { cause: string; what: string };

/**
 * Begins a round of refunds: the order's state moves first, so that nobody looks at what goes back, and says which codes those are.
 * `advance` does the rest: money, codes, and the state that follows.
 */
export async function beginRefund(
  deps: OrderDeps,
  order: Order,
  parts: readonly Part[],
  { cause, what }: RefundCause,
  change: Change,
): Promise<Moved> {
  const leaving = new Map<string, Line>();
  for (const part of parts) leaving.set(part.line.id, await leave(deps, order, part));
  const lines = order.lines.map((line) => leaving.get(line.id) ?? line);
  const round = (order.refundedAt ?? []).length + 1;
  return moveOrder(deps, order, {
    ...change,
    state: "refunding",
    lines,
    unwindingSince: deps.clock().toISOString(),
    refunds: { ...order.refunds, [cause]: { what, round } },
    ...(isFinal(order.state) ? { reopened: true } : {}),
    ...nextRun(order, lines),
  });
}

/** The codes of a large order are many, so a run of its workflow takes them back. One that was delivered has no run any more. */
const nextRun = ({ state, run }: Order, lines: readonly Line[]): Change =>
  isFinal(state) && lines.some(({ leaving }) => leaving?.places?.reserved !== undefined) ? { run: run + 1 } : {};

/** Puts pieces of a line on their way back: those that are named, otherwise the last ones. */
async function leave(deps: OrderDeps, { id, revealed }: Order, { line, pieces, tickets }: Part): Promise<Line> {
  if (line.state !== "fulfilled") return { ...line, state: "unwinding" };
  const seen = revealed === undefined ? {} : { isSeen: true as const };
  return {
    ...line,
    leaving: { pieces, ...seen, ...(await codesOf(deps, id, line, { pieces, tickets }, revealed !== undefined)) },
  };
}

async function codesOf(
  deps: OrderDeps,
  orderId: string,
  { tickets, reserved }: Line,
  { pieces, tickets: named }: { pieces: number; tickets: readonly Ticket[] | undefined },
  isSeen: boolean,
): Promise<Pick<Leaving, "places" | "cost">> {
  if (reserved !== undefined) return codesInRuns(deps, orderId, reserved, pieces, isSeen);
  if (tickets === undefined) return {};
  const going = [...(named ?? tickets.slice(-pieces))];
  return { places: { tickets: going }, ...(isSeen ? {} : await costOfCodes(deps, going)) };
}

/** What codes have cost us lies with them, and goes where they go: it is noted before they move. */
async function costOfCodes(deps: OrderDeps, tickets: readonly Ticket[]): Promise<Pick<Leaving, "cost">> {
  const slots = await readSlots(deps, tickets);
  return known(costOf(slots.flatMap((slot) => (slot === undefined || slot.state === "moved" ? [] : [slot]))));
}

async function codesInRuns(
  deps: OrderDeps,
  orderId: string,
  runs: readonly Reserved[],
  pieces: number,
  isSeen: boolean,
): Promise<Pick<Leaving, "places" | "cost">> {
  const ends = await endsOfRuns(deps, orderId, runs, pieces);
  const places = { reserved: ends.map(({ reserved }) => reserved) };
  return { places, ...(isSeen ? {} : known(await costOfRuns(deps, ends))) };
}

const known = (cost: Leaving["cost"] & object): Pick<Leaving, "cost"> => (cost.length === 0 ? {} : { cost });
