import { type Db, transact, type Writes } from "../aws/dynamo.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { type Cut, cutWrites, planCuts, WRITES_PER_CUT } from "./cut.ts";
import { entryOf, forgetDirectory, listWrite, readDirectory } from "./directory.ts";
import type { Directory, PoolId, Range } from "./model.ts";
import { findPool } from "./pools.ts";
import { readRanges } from "./ranges.ts";
import { rangeKey } from "./table.ts";

type Deps = Db<"inventory">;

export type Transferred = { quantity: number; ranges: number };

/** Each loses to a sale or a sweep that moved a mark in between; every one of them is over in milliseconds. */
const TRIES = 10;

/**
 * Moves codes from one pool of a product to another, whatever their number; none of them is touched. A quantity moves in one
 * write or not at all: runs cut off the ranges that expire first. `quantity` undefined moves all there is, 98 ranges in a
 * write: who is stopped in between has moved a part, and moves the rest by asking again.
 */
export async function transfer(
  deps: Deps,
  productId: string,
  from: PoolId,
  to: PoolId,
  quantity: number | undefined,
): Promise<Result<Transferred>> {
  if (from === to)
    return refuse("invalid_request", "The two pools are the same.", [
      { pointer: "/to", message: "must be another pool" },
    ]);
  const moved: Transferred = { quantity: 0, ranges: 0 };
  for (let lost = 0; lost < TRIES; ) {
    const source = await readDirectory(deps, productId, from);
    const target = await readDirectory(deps, productId, to);
    const ids = source.ranges.map(({ id }) => id);
    const open = (await readRanges(deps, ids)).filter(({ state, left }) => state === "open" && left > 0);
    const plan = quantity === undefined ? ok(planAll(open, to)) : planQuantity(open, quantity, to);
    if (!plan.ok) return plan;
    if (isNothing(plan.value)) return ok(moved);
    const isMoved = (await transact(deps.db, moveWrites(deps, plan.value, source, target))).ok;
    for (const pool of [from, to]) forgetDirectory(deps, productId, pool);
    if (!isMoved) {
      lost += 1;
      continue;
    }
    moved.quantity += quantityOf(plan.value);
    moved.ranges += plan.value.whole.length + plan.value.cuts.length;
    if (quantity !== undefined) return ok(moved);
  }
  return refuse("busy", "The stock is moving too fast; try again in a moment.");
}

/** The same, with the pools by name and `all` for whatever there is. */
export async function transferByName(
  deps: Deps,
  productId: string,
  { from, to, quantity }: { from: string; to: string; quantity: number | "all" },
): Promise<Result<Transferred>> {
  const source = await findPool(deps, productId, from);
  if (!source.ok) return source;
  const target = await findPool(deps, productId, to);
  if (!target.ok) return target;
  return transfer(deps, productId, source.value.pool, target.value.pool, quantity === "all" ? undefined : quantity);
}

/** What one write moves: ranges that go whole, by a new label, and runs cut off others. `exact`: no sale may come in between. */
type Move = { whole: readonly Range[]; cuts: readonly Cut[]; exact: boolean };

/** A transaction takes 100 writes, and two of them are the directories. */
const WRITES_PER_MOVE = 98;

const isNothing = ({ whole, cuts }: Move): boolean => whole.length + cuts.length === 0;
const writesOf = ({ whole, cuts }: Move): number => whole.length + WRITES_PER_CUT * cuts.length;
const quantityOf = ({ whole, cuts }: Move): number =>
  whole.reduce((sum, { left }) => sum + left, 0) + cuts.reduce((sum, { quantity }) => sum + quantity, 0);

/**
 * As much of all there is as one write moves. What was given back is cut off its range and not moved with it: the range is where
 * the old pool's next codes will come back to.
 */
function planAll(open: readonly Range[], pool: PoolId): Move {
  const move = { whole: [] as Range[], cuts: [] as Cut[], exact: false };
  for (const range of open) {
    if (range.next === undefined) move.whole.push(range);
    else move.cuts.push(...(planCuts([range], range.left, { pool }) ?? []));
    if (writesOf(move) > WRITES_PER_MOVE - WRITES_PER_CUT) break;
  }
  return move;
}

/**
 * Runs that make up the quantity. A cut lets others go on selling, a new label does not, but is one write instead of three: so
 * whole ranges get one only where there would be too many cuts.
 */
function planQuantity(open: readonly Range[], quantity: number, pool: PoolId): Result<Move> {
  const cuts = planCuts(open, quantity, { pool });
  if (cuts === undefined)
    return refuse("sold_out", `The pool has ${open.reduce((sum, { left }) => sum + left, 0)} codes.`);
  const onlyCuts: Move = { whole: [], cuts, exact: true };
  if (writesOf(onlyCuts) <= WRITES_PER_MOVE) return ok(onlyCuts);
  const isWhole = ({ from, quantity: taken }: Cut): boolean => from.next === undefined && taken === from.left;
  const whole = cuts.filter(isWhole).map(({ from }) => from);
  const mixed: Move = { whole, cuts: cuts.filter((cut) => !isWhole(cut)), exact: true };
  if (writesOf(mixed) <= WRITES_PER_MOVE) return ok(mixed);
  return refuse(
    "too_scattered",
    `So many codes lie in ${cuts.length} ranges; at most ${WRITES_PER_MOVE} move at once.`,
  );
}

function moveWrites(deps: Deps, { whole, cuts, exact }: Move, source: Directory, target: Directory): Writes {
  const gone = new Set(whole.map(({ id }) => id));
  const come = [...whole, ...cuts.flatMap(({ made }) => made)].map(entryOf);
  return [
    ...whole.map((range) => labelWrite(deps, range, target.pool, exact)),
    ...cuts.flatMap((cut) => cutWrites(deps, cut)),
    ...(whole.length > 0 ? listWrite(deps, source, (listed) => listed.filter(({ id }) => !gone.has(id))) : []),
    ...listWrite(deps, target, (listed) => [...listed, ...come]),
  ];
}

function labelWrite(deps: Deps, range: Range, pool: PoolId, exact: boolean): Writes[number] {
  return {
    Update: {
      TableName: deps.tables.inventory,
      Key: rangeKey(range.id),
      UpdateExpression: "SET #pool = :to",
      ConditionExpression: `#pool = :from AND #state = :open${exact ? " AND #left = :left" : ""}`,
      ExpressionAttributeNames: { "#pool": "pool", "#state": "state", ...(exact ? { "#left": "left" } : {}) },
      ExpressionAttributeValues: {
        ":to": pool,
        ":from": range.pool,
        ":open": "open",
        ...(exact ? { ":left": range.left } : {}),
      },
    },
  };
}
