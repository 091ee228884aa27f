import { type Db, transact, type Writes } from "../aws/dynamo.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { cutsBeside, cutWrites, planCuts } from "./cut.ts";
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
 * Moves codes from one pool of a product to another in one write, whatever their number: runs are cut off the ranges that
 * expire first, none of the codes is touched. `quantity` undefined moves all there is, by new labels for whole ranges.
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
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const source = await readDirectory(deps, productId, from);
    const target = await readDirectory(deps, productId, to);
    const listed = await readRanges(
      deps,
      source.ranges.map(({ id }) => id),
    );
    const open = listed.filter((range) => range.state === "open");
    const moved =
      quantity === undefined ? await relabel(deps, source, target, open) : await cut(deps, target, open, quantity);
    forgetDirectory(deps, productId, from);
    forgetDirectory(deps, productId, to);
    if (moved !== "again") return moved;
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

/** Besides the directory that lists them. */
const CUTS_PER_TRANSFER = cutsBeside(1);

async function cut(
  deps: Deps,
  target: Directory,
  open: readonly Range[],
  quantity: number,
): Promise<Result<Transferred> | "again"> {
  const cuts = planCuts(open, quantity, { pool: target.pool });
  if (cuts === undefined) {
    const left = open.reduce((sum, range) => sum + range.left, 0);
    return refuse("sold_out", `The pool has ${left} codes.`);
  }
  if (cuts.length > CUTS_PER_TRANSFER)
    return refuse(
      "too_scattered",
      `So many codes lie in ${cuts.length} ranges; at most ${CUTS_PER_TRANSFER} move at once.`,
    );
  const list = listWrite(deps, target, (ranges) => [...ranges, ...cuts.flatMap(({ made }) => made.map(entryOf))]);
  const written = await transact(deps.db, [...cuts.flatMap((one) => cutWrites(deps, one)), ...list]);
  return written.ok ? ok({ quantity, ranges: cuts.length }) : "again";
}

/** What a transaction can take of new labels, besides the two directories. */
const LABELS_PER_WRITE = 98;

async function relabel(
  deps: Deps,
  source: Directory,
  target: Directory,
  open: readonly Range[],
): Promise<Result<Transferred> | "again"> {
  const ranges = open.slice(0, LABELS_PER_WRITE);
  const quantity = ranges.reduce((sum, range) => sum + range.left, 0);
  if (ranges.length === 0) return ok({ quantity: 0, ranges: 0 });
  const written = await transact(deps.db, [
    ...ranges.map((range) => labelWrite(deps, range, target.pool)),
    ...listWrite(deps, source, (listed) => listed.filter(({ id }) => !ranges.some((range) => range.id === id))),
    ...listWrite(deps, target, (listed) => [...listed, ...ranges.map(entryOf)]),
  ]);
  return written.ok ? ok({ quantity, ranges: ranges.length }) : "again";
}

function labelWrite(deps: Deps, range: Range, pool: PoolId): Writes[number] {
  return {
    Update: {
      TableName: deps.tables.inventory,
      Key: rangeKey(range.id),
      UpdateExpression: "SET #pool = :to",
      ConditionExpression: "#pool = :from AND #state = :open",
      ExpressionAttributeNames: { "#pool": "pool", "#state": "state" },
      ExpressionAttributeValues: { ":to": pool, ":from": range.pool, ":open": "open" },
    },
  };
}
