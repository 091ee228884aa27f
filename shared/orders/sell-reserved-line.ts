import type { Writes } from "../aws/dynamo.ts";
import { cutsBeside, cutWrites } from "../inventory/cut.ts";
import { planReservation, reservedBy } from "../inventory/reserve.ts";
import { costOfRuns, type SoldRun } from "../inventory/run-cost.ts";
import { countSold, sellReserved } from "../inventory/sell-reserved.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { OrderDeps } from "./deps.ts";
import { soldLater } from "./line-cost.ts";
import { type Line, type Order, reservedFor, withLine } from "./model.ts";
import { partOf } from "./shares.ts";
import { stateFrom } from "./states.ts";
import { moveOrder, readOrder } from "./table.ts";

/**
 * Does one step of a large order's line: sells some codes of its runs, and finishes the line when all are sold. Holes
 * are filled by another cut. If there is nothing to fill them with, the whole order or the missing part goes back, as
 * the buyer has said. Returns the order as it then is. Idempotent, safe to run concurrently, and safe to interrupt.
 */
export async function sellReservedLine(deps: OrderDeps, order: Order, lineId: string): Promise<Order> {
  const line = order.lines.find(({ id }) => id === lineId);
  if (line?.state !== "open" || line.reserved === undefined) return order;
  let missing = line.quantity - line.reserved.reduce((sum, { quantity }) => sum + quantity, 0);
  const runs: SoldRun[] = [];
  for (const reserved of line.reserved) {
    const sold = await sellReserved(deps, reservedFor(order), reserved, LIMITS.codesPerStep, deps.clock());
    if (sold.is === "more") return order;
    let holes = 0;
    if (sold.is === "sold") holes = sold.holes;
    else {
      const current = await readOrder(deps, order.id);
      // Somebody else moved the order on before releasing the run.
      if (current?.version !== order.version) return current ?? order;
      // Nobody did: the table was restored to before the cut. What the log knew of the run is sold to the order.
      holes = reserved.quantity - (await countSold(deps, order.id, reserved));
    }
    missing += holes;
    runs.push({ reserved, pieces: reserved.quantity - holes });
  }
  return missing > 0 ? fill(deps, order, line, missing, runs) : finish(deps, order, line, runs);
}

/** Cuts off other codes for the holes, in the write that makes the order name them. */
async function fill(
  deps: OrderDeps,
  order: Order,
  line: Line,
  missing: number,
  runs: readonly SoldRun[],
): Promise<Order> {
  const wish = { reservedFor: reservedFor(order), buyer: order, productId: line.productId, quantity: missing };
  const { cuts } = await planReservation(
    deps,
    { ...wish, whole: order.acceptLess !== true, cutsAtMost: cutsBeside(1) },
    deps.clock(),
  );
  if (cuts.length === 0) return giveUp(deps, order, line, missing, runs);
  const filled: Line = { ...line, reserved: [...(line.reserved ?? []), ...reservedBy(cuts)] };
  const writes = cuts.flatMap((cut) => cutWrites(deps, cut));
  return (await moveOrder(deps, order, { lines: withLine(order, filled) }, writes)).order;
}

/** Gives up what is missing: it becomes a line of its own that goes back; or the whole order goes back. */
async function giveUp(
  deps: OrderDeps,
  order: Order,
  line: Line,
  missing: number,
  runs: readonly SoldRun[],
): Promise<Order> {
  if (order.acceptLess !== true) return leave(deps, order, order.lines.map(goesBack));
  if (missing === line.quantity) return leave(deps, order, withLine(order, goesBack(line)));
  const { reserved: _kept, requested = line.quantity, ...rest } = line;
  const sold = line.quantity - missing;
  const gone: Line = {
    ...partOf(rest, sold, missing),
    id: String(order.lines.length + 1),
    restOf: line.id,
    state: "unwinding",
  };
  const kept: Line = { ...partOf(line, 0, sold), requested, state: "fulfilled" };
  const booked = await soldLater(deps, order, kept, await costOfRuns(deps, runs));
  return leave(deps, order, [...withLine(order, booked.line), gone], booked.writes);
}

async function leave(deps: OrderDeps, order: Order, lines: Line[], writes: Writes = []): Promise<Order> {
  const unwindingSince = deps.clock().toISOString();
  const change = { state: "refunding", refusal: "sold_out", lines, unwindingSince, review: undefined } as const;
  return (await moveOrder(deps, order, change, writes)).order;
}

/** A line that was given back already does not go back twice. */
const goesBack = (line: Line): Line => (line.state === "returned" ? line : { ...line, state: "unwinding" });

async function finish(deps: OrderDeps, order: Order, line: Line, runs: readonly SoldRun[]): Promise<Order> {
  const sold = await soldLater(deps, order, { ...line, state: "fulfilled" }, await costOfRuns(deps, runs));
  const lines = withLine(order, sold.line);
  return (await moveOrder(deps, order, { state: stateFrom(lines), lines, review: undefined }, sold.writes)).order;
}
