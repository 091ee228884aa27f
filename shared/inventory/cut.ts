import { type Db, WRITES_PER_TRANSACTION, type Writes } from "../aws/dynamo.ts";
import { type PoolId, type Range, type ReservedFor, rangeIdFor } from "./model.ts";
import { freshRange, newRangeWrites } from "./ranges.ts";
import { rangeKey } from "./table.ts";

/**
 * Who gets the run that is cut off: another pool; or one order, and then it keeps its pool for what the order gives
 * back.
 */
export type CutFor = { pool: PoolId } | ReservedFor;

/** A run of `quantity` codes to be cut off a range, and the ranges that it becomes: one, or several lanes. */
export type Cut = { from: Range; quantity: number; made: readonly Range[] };

/**
 * Says which runs to cut off which ranges to make up the quantity, in the order given. Undefined if there are not so
 * many. Pure: the counters are as they were read, and the writes are conditional on what they rely on.
 */
export function planCuts(ranges: readonly Range[], quantity: number, cutFor: CutFor): Cut[] | undefined {
  const cuts: Cut[] = [];
  let missing = quantity;
  for (const from of ranges) {
    const take = Math.min(missing, from.left);
    if (take > 0) cuts.push({ from, quantity: take, made: [cutOff(from, take, cutFor)] });
    missing -= take;
  }
  return missing === 0 ? cuts : undefined;
}

/**
 * Cuts a run off a range. An ordinary range is cut at its tail, where nobody draws. A returns range grows at its tail,
 * so it is cut at its head, and the run takes along what lies below the head: the sweeper must find that in one of the
 * two.
 */
function cutOff(from: Range, quantity: number, cutFor: CutFor): Range {
  const { productId, batchId, slab, expiresAt } = from;
  const head = from.next === undefined ? from.tail - quantity : from.head;
  const { first, start } = from.next === undefined ? { first: head, start: head } : from;
  const run = { first, start, head, tail: head + quantity, left: quantity };
  const of = { id: rangeIdFor(from, head), productId, batchId, slab, expiresAt, ...run };
  return "pool" in cutFor
    ? { ...of, pool: cutFor.pool, state: "open" }
    : { ...of, pool: from.pool, state: "order", ...cutFor, done: head };
}

/** Cuts `more` lanes off the tail of a range, so that all of them and the range itself are about as long. */
export function planLanes(from: Range, more: number): Cut {
  const kept = from.left - Math.floor((from.left * more) / (more + 1));
  const quantity = from.left - kept;
  const begin = from.tail - quantity;
  const made = Array.from({ length: more }, (_, lane) => {
    const first = begin + Math.floor((lane * quantity) / more);
    const tail = begin + Math.floor(((lane + 1) * quantity) / more);
    const { productId, batchId, slab, expiresAt, pool } = from;
    return freshRange({ productId, batchId, slab, expiresAt, pool, id: rangeIdFor(from, first) }, first, tail);
  });
  return { from, quantity, made };
}

/**
 * Makes the writes of a cut, for one transaction: one for the range that it leaves, then two for each range that it
 * makes.
 */
export function cutWrites(deps: Db<"inventory">, { from, quantity, made }: Cut): Writes {
  const leave = from.next === undefined ? cutTail(deps, from, quantity) : cutHead(deps, from, quantity);
  return [leave, ...made.flatMap((range) => newRangeWrites(deps, range))];
}

/** The range that it leaves, the one that it makes, and that one's entry in the list of ranges. */
export const WRITES_PER_CUT = 3;

/** Gives how many cuts fit into a transaction beside other writes, such as those of an order and its limits. */
export const cutsBeside = (others: number): number => Math.floor((WRITES_PER_TRANSACTION - others) / WRITES_PER_CUT);

function cutTail(deps: Db<"inventory">, from: Range, quantity: number): Writes[number] {
  return {
    Update: {
      TableName: deps.tables.inventory,
      Key: rangeKey(from.id),
      UpdateExpression: "SET tail = tail - :quantity, #left = #left - :quantity",
      // The head may move meanwhile, if it leaves enough.
      ConditionExpression: "tail = :tail AND #left >= :quantity AND #state = :state AND #pool = :pool",
      ExpressionAttributeNames: { "#left": "left", "#state": "state", "#pool": "pool" },
      ExpressionAttributeValues: {
        ":quantity": quantity,
        ":tail": from.tail,
        ":state": from.state,
        ":pool": from.pool,
      },
    },
  };
}

function cutHead(deps: Db<"inventory">, from: Range, quantity: number): Writes[number] {
  return {
    Update: {
      TableName: deps.tables.inventory,
      Key: rangeKey(from.id),
      UpdateExpression: "SET #first = :cut, #start = :cut, head = :cut, #left = #left - :quantity REMOVE notes",
      ConditionExpression:
        "#start = :start AND head = :head AND #left >= :quantity AND #state = :state AND #pool = :pool",
      ExpressionAttributeNames: {
        "#first": "first",
        "#start": "start",
        "#left": "left",
        "#state": "state",
        "#pool": "pool",
      },
      ExpressionAttributeValues: {
        ":cut": from.head + quantity,
        ":quantity": quantity,
        ":start": from.start,
        ":head": from.head,
        ":state": from.state,
        ":pool": from.pool,
      },
    },
  };
}
