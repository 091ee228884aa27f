import { type Db, WRITES_PER_TRANSACTION, type Writes } from "../aws/dynamo.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { type Cut, cutWrites, planCuts, WRITES_PER_CUT } from "./cut.ts";
import { entryOf, listWrite } from "./directory.ts";
import type { Directory, PoolId, Range, RangeEntry } from "./model.ts";
import { rangeKey } from "./table.ts";

type Deps = Db<"inventory">;

/**
 * What one write moves: whole ranges, which get a new label, and runs that are cut off others. `exact`: no sale may
 * come in between.
 */
export type Move = { whole: readonly Range[]; cuts: readonly Cut[]; exact: boolean };

/** The rest of the transaction is for the two directories and the note that the transfer is done. */
const WRITES_PER_MOVE = WRITES_PER_TRANSACTION - 3;

export const isNothing = ({ whole, cuts }: Move): boolean => whole.length + cuts.length === 0;
const writesOf = ({ whole, cuts }: Move): number => whole.length + WRITES_PER_CUT * cuts.length;
export const quantityOf = ({ whole, cuts }: Move): number =>
  whole.reduce((sum, { left }) => sum + left, 0) + cuts.reduce((sum, { quantity }) => sum + quantity, 0);

/**
 * Plans a move of everything, as much as one write takes. Codes in returns ranges are cut off and the range itself
 * stays, because the old pool's next codes will come back to it.
 */
export function planAll(open: readonly Range[], pool: PoolId): Move {
  const move = { whole: [] as Range[], cuts: [] as Cut[], exact: false };
  for (const range of open) {
    if (range.next === undefined) move.whole.push(range);
    else move.cuts.push(...(planCuts([range], range.left, { pool }) ?? []));
    if (writesOf(move) > WRITES_PER_MOVE - WRITES_PER_CUT) break;
  }
  return move;
}

/**
 * Plans a move of a quantity. A cut lets others go on selling; a new label does not, but is one write instead of three.
 * So whole ranges get a new label only where there would be too many cuts.
 */
export function planQuantity(open: readonly Range[], quantity: number, pool: PoolId): Result<Move> {
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

/** Gives the ranges that the other pool then lists. */
export const comeOf = ({ whole, cuts }: Move): RangeEntry[] =>
  [...whole, ...cuts.flatMap(({ made }) => made)].map(entryOf);

export function moveWrites(deps: Deps, move: Move, source: Directory, target: Directory): Writes {
  const { whole, cuts, exact } = move;
  const gone = new Set(whole.map(({ id }) => id));
  const come = comeOf(move);
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
