import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, type Item, putNew, transact, type Writes } from "../aws/dynamo.ts";
import { fingerprintOf } from "../kernel/ids.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { repeatOf } from "../kernel/repeat.ts";
import { forgetDirectory, hasRoomFor, listFull, readDirectory } from "./directory.ts";
import type { PoolId, Transferred } from "./model.ts";
import { comeOf, isNothing, moveWrites, planAll, planQuantity, quantityOf } from "./move.ts";
import { findPool } from "./pools.ts";
import { readRanges } from "./ranges.ts";
import { transfers } from "./stored.ts";
import { transferKey } from "./table.ts";

type Deps = Db<"inventory">;

/** A try fails when a sale or a sweep moves a mark in between. That is over in milliseconds. */
const TRIES = 10;

/** The key under which a transfer is done once, and a hash of what was asked for. */
type Once = { key: string; requestHash: string };

/**
 * Moves codes from one pool of a product to another, whatever their number; no code is touched. A quantity moves in one
 * write or not at all: runs are cut off the ranges that expire first. Without a quantity everything moves, 97 ranges in
 * a write; if that is interrupted, a part has moved, and a repeat moves the rest. What was done once under a key is not
 * done again.
 */
export async function transfer(
  deps: Deps,
  productId: string,
  from: PoolId,
  to: PoolId,
  quantity: number | undefined,
  once?: Once,
): Promise<Result<Transferred>> {
  if (from === to)
    return refuse("invalid_request", "The two pools are the same.", [
      { pointer: "/to", message: "must be another pool" },
    ]);
  const moved: Transferred = { quantity: 0, ranges: 0 };
  for (let lost = 0; lost < TRIES; ) {
    const done = await findDone(deps, productId, once);
    if (done !== undefined) return done;
    const source = await readDirectory(deps, productId, from);
    const target = await readDirectory(deps, productId, to);
    const ids = source.ranges.map(({ id }) => id);
    const open = (await readRanges(deps, ids)).filter(({ state, left }) => state === "open" && left > 0);
    const plan = quantity === undefined ? ok(planAll(open, to)) : planQuantity(open, quantity, to);
    // A twin may have moved what we miss, after we looked for its note.
    if (!plan.ok) return (await findDone(deps, productId, once)) ?? plan;
    if (isNothing(plan.value)) return noteAll(deps, productId, once, moved);
    if (!hasRoomFor(target, comeOf(plan.value))) return listFull();
    const { whole, cuts } = plan.value;
    const then = {
      quantity: moved.quantity + quantityOf(plan.value),
      ranges: moved.ranges + whole.length + cuts.length,
    };
    const note = quantity === undefined ? [] : noteWrites(deps, productId, once, then);
    const written = await transact(deps.db, [...moveWrites(deps, plan.value, source, target), ...note]);
    for (const pool of [from, to]) forgetDirectory(deps, productId, pool);
    if (!written.ok) lost += 1;
    else if (quantity !== undefined) return ok(then);
    else Object.assign(moved, then);
  }
  return refuse("busy", "The stock is moving too fast; try again in a moment.");
}

/**
 * Transfers between pools by their names; `all` is everything. Done once for each key, which always gets the same
 * answer.
 */
export async function transferByName(
  deps: Deps,
  productId: string,
  request: { from: string; to: string; quantity: number | "all" },
  key: string,
): Promise<Result<Transferred>> {
  const { from, to, quantity } = request;
  const source = await findPool(deps, productId, from);
  if (!source.ok) return source;
  const target = await findPool(deps, productId, to);
  if (!target.ok) return target;
  const many = quantity === "all" ? undefined : quantity;
  const once = { key, requestHash: fingerprintOf(request) };
  return transfer(deps, productId, source.value.pool, target.value.pool, many, once);
}

async function findDone(
  deps: Deps,
  productId: string,
  once: Once | undefined,
): Promise<Result<Transferred> | undefined> {
  if (once === undefined) return undefined;
  const Key = transferKey(productId, once.key);
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.inventory, Key, ConsistentRead: true }));
  return found.Item === undefined ? undefined : answerFrom(found.Item, once);
}

function answerFrom(item: Item, { requestHash }: Once): Result<Transferred> {
  const { requestHash: earlier, ...moved } = transfers.read(item);
  return repeatOf(moved, earlier === requestHash, "another transfer");
}

const noteOf = (productId: string, { key, requestHash }: Once, moved: Transferred): Item =>
  transfers.write(transferKey(productId, key), { requestHash, ...moved });

function noteWrites(deps: Deps, productId: string, once: Once | undefined, moved: Transferred): Writes {
  if (once === undefined) return [];
  const Item = noteOf(productId, once, moved);
  return [{ Put: { TableName: deps.tables.inventory, Item, ConditionExpression: "attribute_not_exists(pk)" } }];
}

/**
 * Notes that everything was moved. That took several writes, so the note comes last. If a twin has noted it at the same
 * time, its answer stands.
 */
async function noteAll(
  deps: Deps,
  productId: string,
  once: Once | undefined,
  moved: Transferred,
): Promise<Result<Transferred>> {
  if (once === undefined) return ok(moved);
  const noted = await putNew(deps.db, deps.tables.inventory, noteOf(productId, once, moved));
  return noted.ok || noted.old === undefined ? ok(moved) : answerFrom(noted.old, once);
}
