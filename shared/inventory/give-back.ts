import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, transact, WRITES_PER_TRANSACTION, type Writes } from "../aws/dynamo.ts";
import { placeOf, type Slot, type Ticket } from "./model.ts";
import { bury, publishFrom } from "./publish.ts";
import { drawReturns } from "./returns.ts";
import { readSlots } from "./slots.ts";
import { asSlot, isAvailable, isAvailableOrMine, STATE_NAMES, slotKey } from "./table.ts";

type Deps = Db<"inventory">;

/** Who may move a code: anyone while it is available; its own order also when it was sold to it. */
export type Giver = { orderId: string } | "anyone";

/**
 * Gives the code under a ticket back to stock: draws a number in the returns range of the same batch, expiry and pool, then
 * moves the code there in one transaction, which leaves the old slot `moved` and so fences whoever still holds its ticket.
 * If its number is the next to go on sale, it goes on sale at once; otherwise the giver before it does that, or the sweeper.
 * Safe to repeat and to race: one of the givers moves it, the others bury the number that they have drawn in vain. A number whose
 * giver died is buried by the sweeper.
 */
export async function giveBack(deps: Deps, ticket: Ticket, giver: Giver): Promise<void> {
  return giveBackTo(deps, ticket, giver, undefined);
}

/** `drawn`: the number that this code's giver has drawn for it already. */
async function giveBackTo(deps: Deps, ticket: Ticket, giver: Giver, drawn: Ticket | undefined): Promise<void> {
  let target = drawn;
  for (let attempt = 0; attempt < GIVE_BACK_TRIES; attempt++) {
    const slot = await readSlot(deps, ticket);
    if (slot === undefined || !mayMove(slot, giver)) return target === undefined ? undefined : leaveEmpty(deps, target);
    target ??= (await drawReturns(deps, placeOf(ticket), slot.productId, 1))[0] ?? "";
    const moved = await transact(deps.db, moveWrites(deps, slot, ticket, target, giver));
    if (moved.ok) return publishFrom(deps, target, 1);
    // A code that somebody else has moved or sold is not ours to move.
    if (moved.failed.includes(FROM)) return leaveEmpty(deps, target);
    // The number was buried before we used it: we draw another.
    target = undefined;
  }
  throw new Error(`could not give ${ticket} back`);
}

/** Our number will hold no code: its gap is closed at once, or what others give back behind it would wait for the sweeper. */
async function leaveEmpty(deps: Deps, target: Ticket): Promise<void> {
  const { slab, number } = placeOf(target);
  await bury(deps, slab, number);
  await publishFrom(deps, target, 1);
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
  if ((await transact(deps.db, writes)).ok) return publishFrom(deps, targets[0] ?? "", targets.length);
  for (const [index, { ticket }] of movable.entries()) await giveBackTo(deps, ticket, giver, targets[index]);
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
