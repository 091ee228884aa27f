import { type Db, putNew, update, type Written } from "../aws/dynamo.ts";
import { isReturned, placeOf, WITHHELD } from "../inventory/model.ts";
import { passReturns } from "../inventory/returns.ts";
import { isAvailableOrMine, isNobodys, isRecoverable, STATE_NAMES, slotKey, tombstone } from "../inventory/table.ts";
import { NEVER } from "../kernel/clock.ts";
import { inParallel } from "../kernel/in-parallel.ts";
import type { Place } from "./places.ts";

type Deps = Db<"inventory">;

/**
 * What became of a place. `sold`, `withheld`: by this very write · `known`: it was so already · `moved`: the order's
 * code lies elsewhere in this table, or is void · `lost`: it came with an import that this table does not know.
 */
export type Replayed = "sold" | "withheld" | "known" | "moved" | "lost";

const WRITES_AT_ONCE = 64;

/**
 * Makes the slots say again what the log says of them, and answers for each place. What an order kept is sold to it.
 * What it gave back had moved to a place that this table does not know, and may have been sold from there: it is
 * withheld, for a person to decide, unless another order keeps it. Every write is conditional, and what is kept counts
 * more than what was left, so it may be repeated, in any order.
 */
export async function replay(deps: Deps, places: readonly Place[]): Promise<Replayed[]> {
  return inParallel(WRITES_AT_ONCE, places, async (place) => {
    const written = await (place.is === "kept" ? sell(deps, place) : setAside(deps, place));
    if (written.ok) return written.item["state"] === "sold" && place.is === "kept" ? "known" : done[place.is];
    if (written.old === undefined) return fence(deps, place);
    return place.is === "left" || written.old["orderId"] === place.orderId ? "known" : "moved";
  });
}

const done = { kept: "sold", held: "sold", left: "withheld" } as const satisfies Record<Place["is"], Replayed>;

/** Sells a place to its order, also if it was withheld because it may have been sold. */
function sell(deps: Deps, { orderId, ticket }: Place): Promise<Written> {
  return update(deps.db, {
    TableName: deps.tables.inventory,
    Key: slotKey(ticket),
    UpdateExpression: "SET #state = :to, orderId = :owner REMOVE #until",
    ConditionExpression: isRecoverable.condition,
    ExpressionAttributeNames: { ...STATE_NAMES, "#until": "until" },
    ExpressionAttributeValues: { ...isRecoverable.values(orderId), ":to": "sold", ":owner": orderId },
    ReturnValues: "ALL_OLD",
  });
}

/** Holds a place: for the order, which must still pay for it; or, withheld, for nobody. */
function setAside(deps: Deps, { orderId, ticket, is }: Place): Promise<Written> {
  const isForOrder = is === "held";
  const aside = {
    TableName: deps.tables.inventory,
    Key: slotKey(ticket),
    UpdateExpression: "SET #state = :to, orderId = :owner, #until = :never REMOVE soldAt",
    ExpressionAttributeNames: { ...STATE_NAMES, "#until": "until" },
    ReturnValues: "ALL_OLD",
  } as const;
  const to = { ":to": "held", ":owner": isForOrder ? orderId : `${WITHHELD} ${orderId}`, ":never": NEVER };
  if (isForOrder)
    return update(deps.db, {
      ...aside,
      ConditionExpression: isNobodys.condition,
      ExpressionAttributeValues: { ...isNobodys.values, ...to },
    });
  return update(deps.db, {
    ...aside,
    ConditionExpression: isAvailableOrMine.condition,
    ExpressionAttributeValues: { ...isAvailableOrMine.values(orderId), ...to },
  });
}

/**
 * Closes a place of a returns range that is empty in this table. It was filled and sold after the moment of the
 * restore, by a code that is withheld where it was before. A tombstone keeps others from being put there: an order must
 * not find another code under its ticket.
 */
async function fence(deps: Deps, { ticket, productId }: Place): Promise<Replayed> {
  const { slab, number, pool } = placeOf(ticket);
  if (!isReturned(slab) || !(await passReturns(deps, { slab, pool, productId }, number + 1))) return "lost";
  await putNew(deps.db, deps.tables.inventory, tombstone(ticket));
  return "moved";
}
