import { type Db, transact, update } from "../aws/dynamo.ts";
import { Fault } from "../kernel/fault.ts";
import { entryOf, listWrite, readDirectory } from "./directory.ts";
import { type PoolId, type Range, returnsOf, slabOfOrigin, type Ticket, ticketFor } from "./model.ts";
import { newRangeWrites, readRange } from "./ranges.ts";
import { ranges } from "./stored.ts";
import { rangeKey } from "./table.ts";

type Deps = Db<"inventory">;

/**
 * Draws numbers in the returns range of a slab and pool: places for codes that are given back. The range is made, or
 * listed again, before anybody draws from it, because a code must never lie where nobody looks.
 */
export async function drawReturns(
  deps: Deps,
  { slab, pool }: { slab: string; pool: PoolId },
  productId: string,
  count: number,
): Promise<Ticket[]> {
  const id = returnsOf(slab, pool);
  for (let attempt = 0; attempt < LIST_TRIES; attempt++) {
    const drawn = await update(deps.db, {
      TableName: deps.tables.inventory,
      Key: rangeKey(id),
      UpdateExpression: "SET #next = #next + :count",
      ConditionExpression: "listed = :true",
      ExpressionAttributeNames: { "#next": "next" },
      ExpressionAttributeValues: { ":count": count, ":true": true },
      ReturnValues: "ALL_OLD",
    });
    if (drawn.ok) {
      const { next = 0 } = ranges.read(drawn.item);
      return Array.from({ length: count }, (_, index) => ticketFor(id, next + index, pool));
    }
    await (drawn.old === undefined
      ? makeReturns(deps, id, slab, pool, productId)
      : listAgain(deps, ranges.read(drawn.old)));
  }
  throw new Fault("returns_contended", `returns range ${id} can't be listed`);
}

/**
 * Makes sure that nobody draws a number of these returns below `beyond`, because those are known to be taken. False:
 * there never was such a slab.
 */
export async function passReturns(
  deps: Deps,
  { slab, pool, productId }: { slab: string; pool: PoolId; productId: string },
  beyond: number,
): Promise<boolean> {
  const id = returnsOf(slab, pool);
  for (let attempt = 0; attempt < LIST_TRIES; attempt++) {
    const passed = await update(deps.db, {
      TableName: deps.tables.inventory,
      Key: rangeKey(id),
      UpdateExpression: "SET #next = :beyond",
      ConditionExpression: "#next < :beyond",
      ExpressionAttributeNames: { "#next": "next" },
      ExpressionAttributeValues: { ":beyond": beyond },
    });
    if (passed.ok || passed.old !== undefined) return true;
    if ((await readRange(deps, slabOfOrigin(slab))) === undefined) return false;
    await makeReturns(deps, id, slab, pool, productId);
  }
  throw new Fault("returns_contended", `returns range ${id} can't be made`);
}

/** A try fails when an import, a transfer or a sweep changes the same directory. That is rare and short. */
const LIST_TRIES = 20;

/** Makes a returns range. It has the state of its slab: what comes back of a void batch stays void. */
async function makeReturns(deps: Deps, id: string, slab: string, pool: PoolId, productId: string): Promise<void> {
  const origin = await readRange(deps, slabOfOrigin(slab));
  if (origin === undefined) throw new Fault("range_missing", `slab ${slab} has no range`);
  const { batchId, expiresAt, state } = origin;
  const empty = { first: 0, start: 0, head: 0, tail: 0, left: 0, next: 0, listed: true };
  const born = state === "order" ? "open" : state;
  const returns: Range = { id, productId, batchId, slab: id, pool, expiresAt, state: born, ...empty };
  const directory = await readDirectory(deps, productId, pool);
  await transact(deps.db, [
    ...newRangeWrites(deps, returns),
    ...listWrite(deps, directory, (listed) => [...listed, entryOf(returns)]),
    {
      ConditionCheck: {
        TableName: deps.tables.inventory,
        Key: rangeKey(origin.id),
        ConditionExpression: "#state = :state",
        ExpressionAttributeNames: { "#state": "state" },
        ExpressionAttributeValues: { ":state": state },
      },
    },
  ]);
}

/** Lists a returns range again that the sweeper removed because it was empty. */
async function listAgain(deps: Deps, returns: Range): Promise<void> {
  const directory = await readDirectory(deps, returns.productId, returns.pool);
  await transact(deps.db, [
    {
      Update: {
        TableName: deps.tables.inventory,
        Key: rangeKey(returns.id),
        UpdateExpression: "SET listed = :true",
        ConditionExpression: "listed = :false AND #pool = :pool",
        ExpressionAttributeNames: { "#pool": "pool" },
        ExpressionAttributeValues: { ":true": true, ":false": false, ":pool": returns.pool },
      },
    },
    ...listWrite(deps, directory, (listed) => [...listed, entryOf(returns)]),
  ]);
}
