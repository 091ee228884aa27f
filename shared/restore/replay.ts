import { type Db, putNew, update } from "../aws/dynamo.ts";
import { isReturned, NEVER, placeOf, type Ticket, ticketFor, WITHHELD } from "../inventory/model.ts";
import { isAvailableOrMine, rangeKey, STATE_NAMES, slotKey } from "../inventory/table.ts";
import { inParallel } from "../kernel/in-parallel.ts";
import type { SalesEntry } from "./sales-log.ts";

type Deps = Db<"inventory">;

/** One place that an order took. */
type Place = { orderId: string; kept: boolean; ticket: Ticket };

/**
 * In codes. `moved`: the order took a code that had come back, and this table has it where it was before. `lost`: the code came
 * with an import that this table does not know.
 */
export type Replayed = { sold: number; withheld: number; moved: number; lost: number };

const WRITES_AT_ONCE = 64;

/** Every place that an entry names, in an order that is always the same. */
export function placesIn({ orderId, taken }: SalesEntry): Place[] {
  return taken.flatMap(({ kept, tickets, runs }) => {
    const inRuns = runs.flatMap(({ slab, pool, first, quantity }) =>
      Array.from({ length: quantity }, (_, index) => ticketFor(slab, first + index, pool)),
    );
    return [...tickets, ...inRuns].map((ticket) => ({ orderId, kept, ticket }));
  });
}

/**
 * Makes the slots say again what the log says of them. What an order kept is sold to it. What it gave back had moved to a place
 * that this table does not know, and may have been sold from there: it is withheld, for a person to decide. Every write is
 * conditional on the place being free or that order's, so it may be repeated, in any order.
 */
export async function replay(deps: Deps, places: readonly Place[]): Promise<Replayed> {
  const done: Replayed = { sold: 0, withheld: 0, moved: 0, lost: 0 };
  await inParallel(WRITES_AT_ONCE, places, async (place) => {
    const result = await replayOne(deps, place);
    if (result !== "known") done[result] += 1;
  });
  return done;
}

/** It has its code. */
const sold = (orderId: string) => ({
  change: { UpdateExpression: "SET #state = :to, orderId = :owner REMOVE #until" },
  values: { ":to": "sold", ":owner": orderId },
});

/** It had it, for a while. */
const withheld = (orderId: string) => ({
  change: { UpdateExpression: "SET #state = :to, orderId = :owner, #until = :never REMOVE soldAt" },
  values: { ":to": "held", ":owner": `${WITHHELD} ${orderId}`, ":never": NEVER },
});

async function replayOne(deps: Deps, { orderId, kept, ticket }: Place): Promise<keyof Replayed | "known"> {
  const { change, values } = kept ? sold(orderId) : withheld(orderId);
  const written = await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: slotKey(ticket),
    ...change,
    ConditionExpression: isAvailableOrMine.condition,
    ExpressionAttributeNames: { ...STATE_NAMES, "#until": "until" },
    ExpressionAttributeValues: { ...isAvailableOrMine.values(orderId), ...values },
    ReturnValues: "ALL_OLD",
  });
  if (!written.ok) return written.old === undefined ? fence(deps, ticket) : "known";
  if (!kept) return "withheld";
  return written.item["state"] === "sold" ? "known" : "sold";
}

/**
 * A place in a returns range that is empty here was filled, and sold, after the moment of the restore: by a code that is
 * withheld where it was before. A stone keeps others from being put there: an order must not find a stranger's code under its
 * ticket.
 */
async function fence(deps: Deps, ticket: Ticket): Promise<"moved" | "lost" | "known"> {
  const { slab, number } = placeOf(ticket);
  if (!isReturned(slab)) return "lost";
  const stone = await putNew(deps.db, deps.tables.inventory, { ...slotKey(ticket), state: "moved" });
  await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: rangeKey(slab),
    UpdateExpression: "SET #next = :beyond",
    ConditionExpression: "#next < :beyond",
    ExpressionAttributeNames: { "#next": "next" },
    ExpressionAttributeValues: { ":beyond": number + 1 },
  });
  return stone.ok ? "moved" : "known";
}
