import { type Db, putNew, update } from "../aws/dynamo.ts";
import { LIMITS } from "../kernel/limits.ts";
import { endSoldOut } from "./directory.ts";
import { placeOf, type Range, type Ticket, ticketFor } from "./model.ts";
import { slotStates } from "./slots.ts";
import { ranges } from "./stored.ts";
import { rangeKey, tombstone } from "./table.ts";
import { forgetEmpty } from "./tickets.ts";

type Deps = Db<"inventory">;

/**
 * Puts numbers that were just given back on sale, if they are the next of their returns range: one conditional write.
 * Then it looks for filled numbers behind them, fifty at most, and puts these on sale too: their givers came before
 * their turn. If they are not the next ones, it does nothing: the giver before them will look, or the sweeper.
 */
export async function publishFrom(deps: Deps, first: Ticket, count: number): Promise<void> {
  const { slab: id, number } = placeOf(first);
  let range = await raiseTail(deps, id, number, number + count);
  if (range === undefined) return;
  if (range.left === count && range.state === "open") await endSoldOut(deps, range.productId, range.pool);
  // While the tail moved, somebody may have filled the number behind it and found that it was not the next one.
  for (let budget: number = LIMITS.returnsPerLook; budget > 0; ) {
    const { tail, next = tail } = range;
    const filled = await filledFrom(deps, range, tail, Math.min(next, tail + budget));
    if (filled === tail) return;
    budget -= filled - tail;
    const raised = await raiseTail(deps, id, tail, filled);
    if (raised === undefined) return;
    range = raised;
  }
}

/** Finds the first gap: the number behind the last filled one, from `from` on, below `to`. */
async function filledFrom(deps: Deps, { slab }: Range, from: number, to: number): Promise<number> {
  let end = from;
  if (from >= to) return end;
  for await (const { number } of slotStates(deps, slab, from, to)) {
    if (number !== end) break;
    end += 1;
  }
  return end;
}

/**
 * Puts the numbers from `from` up to `to` on sale, on condition that nobody else has. Returns the range as it is then.
 */
export async function raiseTail(deps: Deps, id: string, from: number, to: number): Promise<Range | undefined> {
  const raised = await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: rangeKey(id),
    UpdateExpression: "SET tail = :tail, #left = #left + :count",
    ConditionExpression: "tail = :was",
    ExpressionAttributeNames: { "#left": "left" },
    ExpressionAttributeValues: { ":tail": to, ":was": from, ":count": to - from },
    ReturnValues: "ALL_NEW",
  });
  if (!raised.ok) return undefined;
  forgetEmpty(id);
  return ranges.read(raised.item);
}

/**
 * Puts a tombstone at a number of a returns range that was drawn and will not be filled. A tombstone holds no code.
 * False: the number was filled.
 */
export async function bury(deps: Deps, slab: string, number: number): Promise<boolean> {
  return (await putNew(deps.db, deps.tables.inventory, tombstone(ticketFor(slab, number)))).ok;
}
