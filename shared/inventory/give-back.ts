import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, transact, WRITES_PER_TRANSACTION, type Writes } from "../aws/dynamo.ts";
import { Fault } from "../kernel/fault.ts";
import { type AnySlot, placeOf, type Slot, type Ticket } from "./model.ts";
import { bury, publishFrom } from "./publish.ts";
import { drawReturns } from "./returns.ts";
import { readSlots } from "./slots.ts";
import { slots } from "./stored.ts";
import { isAvailable, isAvailableOrMine, STATE_NAMES, slotKey } from "./table.ts";

type Deps = Db<"inventory">;

/** Who gives a code back: anyone while it is available; its own order also when it was sold or held. */
export type Giver = { orderId: string } | "anyone";

/**
 * Gives the code under a ticket back to stock. It draws a number in the returns range of the same batch, expiry and
 * pool, then moves the code there in one transaction; the old slot stays as `moved`, which stops anybody who still
 * holds its ticket. If the number is the next to go on sale, the code is on sale at once; otherwise the giver before
 * it, or the sweeper, puts it on sale. Idempotent, and safe to run concurrently: one giver moves the code, the others
 * fill the number that they have drawn with a tombstone. The sweeper does that for a giver that died.
 */
export async function giveBack(deps: Deps, ticket: Ticket, giver: Giver): Promise<void> {
  return giveBackTo(deps, ticket, giver, undefined);
}

/** `drawn`: the number that was drawn for this code already. */
async function giveBackTo(deps: Deps, ticket: Ticket, giver: Giver, drawn: Ticket | undefined): Promise<void> {
  let target = drawn;
  for (let attempt = 0; attempt < GIVE_BACK_TRIES; attempt++) {
    const slot = await readSlot(deps, ticket);
    if (slot === undefined || !mayMove(slot, giver)) return target === undefined ? undefined : leaveEmpty(deps, target);
    target ??= (await drawReturns(deps, placeOf(ticket), slot.productId, 1))[0] ?? "";
    const moved = await transact(deps.db, moveWrites(deps, slot, ticket, target, giver));
    if (moved.ok) return publishFrom(deps, target, 1);
    // Somebody else has moved or sold the code.
    if (moved.failed.includes(FROM)) return leaveEmpty(deps, target);
    // The sweeper filled our number with a tombstone before we used it: draw another.
    target = undefined;
  }
  throw new Fault("slot_contended", `could not give ${ticket} back`);
}

/**
 * Fills our number with a tombstone, because it will hold no code. Otherwise codes behind it would wait for the
 * sweeper.
 */
async function leaveEmpty(deps: Deps, target: Ticket): Promise<void> {
  const { slab, number } = placeOf(target);
  await bury(deps, slab, number);
  await publishFrom(deps, target, 1);
}

/**
 * A number is lost only when its giver slept for a ticket's whole lifetime and the sweeper filled it. Twice is nearly
 * impossible.
 */
const GIVE_BACK_TRIES = 3;

/** Each code takes two writes of a transaction. */
export const CODES_PER_MOVE = WRITES_PER_TRANSACTION / 2;

/**
 * Gives many codes of one slab and pool back in one transaction, `CODES_PER_MOVE` at most. If that fails because
 * somebody has moved or sold one of them, each goes by itself.
 */
export async function giveBackTogether(deps: Deps, tickets: readonly Ticket[], giver: Giver): Promise<void> {
  const found = await readSlots(deps, tickets);
  const movable = tickets.flatMap((ticket, index) => {
    const slot = found[index];
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
        Item: slots.write(slotKey(to), { ...code, state: "available" }),
        ConditionExpression: "attribute_not_exists(pk)",
      },
    },
    {
      Update: {
        TableName: table,
        Key: slotKey(from),
        UpdateExpression:
          "SET #state = :moved, movedTo = :to REMOVE sealed, dataKey, hint, fingerprint, cost, orderId, soldAt, #until",
        ConditionExpression: mine.condition,
        ExpressionAttributeNames: { ...STATE_NAMES, "#until": "until" },
        ExpressionAttributeValues: { ...mine.values, ":moved": "moved", ":to": to },
      },
    },
  ];
}

/** The index of the write about the slot that the code leaves. */
const FROM = 1;

function mayMove(slot: AnySlot, giver: Giver): slot is Slot {
  if (slot.state === "available") return true;
  return giver !== "anyone" && (slot.state === "sold" || slot.state === "held") && slot.orderId === giver.orderId;
}

export async function readSlot(deps: Deps, ticket: Ticket): Promise<AnySlot | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.inventory, Key: slotKey(ticket), ConsistentRead: true }),
  );
  return slots.find(found.Item);
}
