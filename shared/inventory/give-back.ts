import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, transact, WRITES_PER_TRANSACTION, type Writes } from "../aws/dynamo.ts";
import { placeOf, type Slot, type Ticket } from "./model.ts";
import { drawReturns } from "./returns.ts";
import { readSlots } from "./slots.ts";
import { asSlot, isAvailable, isAvailableOrMine, STATE_NAMES, slotKey } from "./table.ts";

type Deps = Db<"inventory">;

/** Who may move a code: anyone while it is available; its own order also when it was sold to it. */
export type Giver = { orderId: string } | "anyone";

/**
 * Gives the code under a ticket back to stock: draws a number in the returns range of the same batch, expiry and pool, then
 * moves the code there in one transaction, which leaves the old slot `moved` and so fences whoever still holds its ticket.
 * The sweeper puts it on sale. Safe to repeat and to race: one of the givers moves it, the others leave a number
 * unfilled, which the sweeper buries.
 */
export async function giveBack(deps: Deps, ticket: Ticket, giver: Giver): Promise<void> {
  for (let attempt = 0; attempt < GIVE_BACK_TRIES; attempt++) {
    const slot = await readSlot(deps, ticket);
    if (slot === undefined || !mayMove(slot, giver)) return;
    const [target = ""] = await drawReturns(deps, placeOf(ticket), slot.productId, 1);
    const moved = await transact(deps.db, moveWrites(deps, slot, ticket, target, giver));
    // A number that was buried before we used it asks for another; a code that somebody else moved or sold is not ours to move.
    if (moved.ok || moved.failed.includes(FROM)) return;
  }
  throw new Error(`could not give ${ticket} back`);
}

/** A number is taken only when its giver slept for a whole hold time and the sweeper buried it: twice is a miracle. */
const GIVE_BACK_TRIES = 3;

/** Each code takes two writes of a transaction. */
export const CODES_PER_MOVE = WRITES_PER_TRANSACTION / 2;

/**
 * The same for many codes of one slab and pool, `CODES_PER_MOVE` at most, in one transaction. Where that fails, for somebody has
 * moved or sold one of them meanwhile, each goes by itself.
 */
export async function giveBackTogether(deps: Deps, tickets: readonly Ticket[], giver: Giver): Promise<void> {
  const slots = await readSlots(deps, tickets);
  const movable = tickets.flatMap((ticket, index) => {
    const slot = slots[index];
    return slot !== undefined && mayMove(slot, giver) ? [{ ticket, slot }] : [];
  });
  const [first] = movable;
  if (first === undefined) return;
  const targets = await drawReturns(deps, placeOf(first.ticket), first.slot.productId, movable.length);
  const writes = movable.flatMap(({ ticket, slot }, index) =>
    moveWrites(deps, slot, ticket, targets[index] ?? "", giver),
  );
  if (!(await transact(deps.db, writes)).ok) for (const { ticket } of movable) await giveBack(deps, ticket, giver);
}

function moveWrites(deps: Deps, slot: Slot, from: Ticket, to: Ticket, giver: Giver): Writes {
  const table = deps.tables.inventory;
  const { orderId: _order, soldAt: _sold, until: _until, ...code } = slot;
  const mine =
    giver === "anyone" ? isAvailable : { ...isAvailableOrMine, values: isAvailableOrMine.values(giver.orderId) };
  return [
    {
      Put: {
        TableName: table,
        Item: { ...code, ...slotKey(to), state: "available" },
        ConditionExpression: "attribute_not_exists(pk)",
      },
    },
    {
      Update: {
        TableName: table,
        Key: slotKey(from),
        UpdateExpression:
          "SET #state = :moved, movedTo = :to REMOVE sealed, dataKey, hint, fingerprint, orderId, soldAt, #until",
        ConditionExpression: mine.condition,
        ExpressionAttributeNames: { ...STATE_NAMES, "#until": "until" },
        ExpressionAttributeValues: { ...mine.values, ":moved": "moved", ":to": to },
      },
    },
  ];
}

/** Which of the two writes is about the slot that the code leaves. */
const FROM = 1;

function mayMove(slot: Slot, giver: Giver): boolean {
  if (slot.state === "available") return true;
  return giver !== "anyone" && (slot.state === "sold" || slot.state === "held") && slot.orderId === giver.orderId;
}

export async function readSlot(deps: Deps, ticket: Ticket): Promise<Slot | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.inventory, Key: slotKey(ticket), ConsistentRead: true }),
  );
  return found.Item === undefined ? undefined : asSlot(found.Item);
}
