import { type Db, transact, update, type Writes } from "../aws/dynamo.ts";
import { inParallel } from "../kernel/in-parallel.ts";
import { entryOf, listWrite, readDirectory } from "./directory.ts";
import { giveBack, readSlot } from "./give-back.ts";
import { type Range, type Reserved, type ReservedFor, type Ticket, ticketFor } from "./model.ts";
import { readRange } from "./ranges.ts";
import { sellSlot, slotStates } from "./slots.ts";
import { isReservedFor, rangeKey, wasReservedFor } from "./table.ts";

type Deps = Db<"inventory">;

/**
 * The result of selling a run. `more`: this was a part · `sold`: all of it, except so many holes, where a code was void
 * or expired · `released`: the run is no longer the order's.
 */
export type Sold = { is: "more" } | { is: "released" } | { is: "sold"; holes: number };

/** Writes at the same time. Each takes a few milliseconds, and one partition holds 64 slots. */
const SALES_AT_ONCE = 64;

/**
 * Sells up to `atMost` codes of a run to its order. The head passes them first, as for every buyer, on condition that
 * the run is still the order's. So a process that releases the run knows which codes a seller may be working on, and
 * moves them away. Idempotent, safe to run concurrently, and safe to interrupt.
 */
export async function sellReserved(
  deps: Deps,
  buyer: ReservedFor,
  reserved: Reserved,
  atMost: number,
  now: Date,
): Promise<Sold> {
  const range = await readRange(deps, reserved.range);
  const end = reserved.first + reserved.quantity;
  if (!wasReservedFor(range, buyer)) return { is: "released" };
  const { done = reserved.first, holes = 0, head, tail } = range;
  if (range.state !== "order") return done === end ? { is: "sold", holes } : { is: "released" };
  if (done === end) {
    return (await finish(deps, buyer, range)) ? { is: "sold", holes } : { is: "more" };
  }
  // A restore may have moved the head far ahead of what was sold.
  const to = Math.min(head > done ? head : tail, done + atMost);
  if (to > head && !(await passHead(deps, buyer, range, to))) return { is: "more" };
  await sellRun(deps, buyer, range, { from: done, to }, now);
  return { is: "more" };
}

/** Counts the places of a run that are sold to the order, whatever has become of the run. */
export async function countSold(deps: Deps, orderId: string, { slab, first, quantity }: Reserved): Promise<number> {
  let sold = 0;
  for await (const slot of slotStates(deps, slab, first, first + quantity))
    if (slot.state === "sold" && slot.orderId === orderId) sold += 1;
  return sold;
}

/**
 * Moves the head. Nobody else draws from the run; the condition is for those who sell it, or release it, at the same
 * time.
 */
async function passHead(deps: Deps, buyer: ReservedFor, { id, head }: Range, to: number): Promise<boolean> {
  const written = await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: rangeKey(id),
    UpdateExpression: "SET head = :to, #left = #left - :count",
    ConditionExpression: `${isReservedFor.condition} AND head = :head`,
    ExpressionAttributeNames: { ...isReservedFor.names, "#left": "left" },
    ExpressionAttributeValues: { ...isReservedFor.values(buyer), ":head": head, ":to": to, ":count": to - head },
  });
  return written.ok;
}

async function sellRun(
  deps: Deps,
  buyer: ReservedFor,
  { id, slab, pool, start }: Range,
  { from, to }: { from: number; to: number },
  now: Date,
): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  const sold = await inParallel(SALES_AT_ONCE, numbers, (number) =>
    sellOrClose(deps, ticketFor(slab, number, pool), buyer.orderId, now),
  );
  const holes = sold.filter((isSold) => !isSold).length;
  // If we have sold all, the sweeper need not look. In holes there may be codes that have expired.
  const looked = start === from && holes === 0 ? ", #start = :to" : "";
  await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: rangeKey(id),
    UpdateExpression: `SET done = :to, holes = if_not_exists(holes, :none) + :holes${looked}`,
    ConditionExpression: `${isReservedFor.condition} AND done = :from`,
    ExpressionAttributeNames: { ...isReservedFor.names, ...(looked === "" ? {} : { "#start": "start" }) },
    ExpressionAttributeValues: {
      ...isReservedFor.values(buyer),
      ":from": from,
      ":to": to,
      ":holes": holes,
      ":none": 0,
    },
  });
}

/**
 * Sells one code, or makes sure that no other worker does. A worker with a slow clock might still sell a code that has
 * expired for us, and the order would have it beside the code that fills the hole. A code that can't be sold and is
 * still available goes back.
 */
async function sellOrClose(deps: Deps, ticket: Ticket, orderId: string, now: Date): Promise<boolean> {
  if ((await sellSlot(deps, ticket, orderId, now)) !== undefined) return true;
  await giveBack(deps, ticket, "anyone");
  const slot = await readSlot(deps, ticket);
  return slot?.state === "sold" && slot.orderId === orderId;
}

/**
 * Makes a sold run a range like any other, with nothing left. If it took along what lies below its head, it is listed,
 * so that the sweeper looks through that.
 */
async function finish(deps: Deps, buyer: ReservedFor, range: Range): Promise<boolean> {
  const { id, productId, pool, start, tail } = range;
  const opened: Writes = [
    {
      Update: {
        TableName: deps.tables.inventory,
        Key: rangeKey(id),
        UpdateExpression: "SET #state = :open",
        ConditionExpression: `${isReservedFor.condition} AND done = :tail`,
        ExpressionAttributeNames: isReservedFor.names,
        ExpressionAttributeValues: { ...isReservedFor.values(buyer), ":tail": tail, ":open": "open" },
      },
    },
  ];
  const list =
    start === tail
      ? []
      : listWrite(deps, await readDirectory(deps, productId, pool), (ranges) => [...ranges, entryOf(range)]);
  return (await transact(deps.db, [...opened, ...list])).ok;
}
