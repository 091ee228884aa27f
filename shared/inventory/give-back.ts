import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, putNew, transact, update } from "../aws/dynamo.ts";
import { listRanges } from "./directory.ts";
import { placeOf, type Range, returnsOf, type Slot, type Ticket, ticketFor } from "./model.ts";
import { asRange, asSlot, isAvailable, isAvailableOrMine, rangeItem, rangeKey, STATE_NAMES, slotKey } from "./table.ts";

type Deps = Db<"inventory">;

/** Who may move a code: anyone while it is available; its own order also when it was sold to it. */
export type Giver = { orderId: string } | "anyone";

/**
 * Gives the code under a ticket back to stock: draws a number in the returns range of the same batch and expiry, then
 * moves the code there in one transaction, which leaves the old slot `moved` and so fences whoever still holds its ticket.
 * The sweeper puts it on sale. Safe to repeat and to race: one of the givers moves it, the others leave a number
 * unfilled, which the sweeper buries.
 */
export async function giveBack(deps: Deps, ticket: Ticket, giver: Giver): Promise<void> {
  for (let attempt = 0; attempt < GIVE_BACK_TRIES; attempt++) {
    const slot = await readSlot(deps, ticket);
    if (slot === undefined || !mayMove(slot, giver)) return;
    const target = await drawReturn(deps, placeOf(ticket).slab, slot.productId);
    if (await moveCode(deps, slot, ticket, target, giver)) return;
  }
  throw new Error(`could not give ${ticket} back`);
}

/** A number is taken only when its giver slept for a whole hold time and the sweeper buried it: twice is a miracle. */
const GIVE_BACK_TRIES = 3;

/** False: the number was buried before we used it. A code that somebody else moved or sold meanwhile is not ours to move. */
async function moveCode(deps: Deps, slot: Slot, from: Ticket, to: Ticket, giver: Giver): Promise<boolean> {
  const table = deps.tables.inventory;
  const { orderId: _order, soldAt: _sold, ...code } = slot;
  const mine =
    giver === "anyone" ? isAvailable : { ...isAvailableOrMine, values: isAvailableOrMine.values(giver.orderId) };
  const moved = await transact(deps.db, [
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
        UpdateExpression: "SET #state = :moved REMOVE sealed, dataKey, hint, orderId, soldAt",
        ConditionExpression: mine.condition,
        ExpressionAttributeNames: STATE_NAMES,
        ExpressionAttributeValues: { ...mine.values, ":moved": "moved" },
      },
    },
  ]);
  return moved.ok || moved.failed.includes(FROM);
}

/** Which of the two writes is about the slot that the code leaves. */
const FROM = 1;

function mayMove(slot: Slot, giver: Giver): boolean {
  if (slot.state === "available") return true;
  return giver !== "anyone" && (slot.state === "sold" || slot.state === "held") && slot.orderId === giver.orderId;
}

async function readSlot(deps: Deps, ticket: Ticket): Promise<Slot | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.inventory, Key: slotKey(ticket), ConsistentRead: true }),
  );
  return found.Item === undefined ? undefined : asSlot(found.Item);
}

/** The returns range is made, then listed, then drawn from, in this order: a code must never lie where nobody looks. */
async function drawReturn(deps: Deps, slab: string, productId: string): Promise<Ticket> {
  const id = returnsOf(slab);
  const drawn = await nextReturn(deps, id, "already listed");
  if (drawn !== undefined) return drawn;
  const origin = await readRange(deps, slab);
  if (origin === undefined) throw new Error(`slab ${slab} has no range`);
  const { expiresAt, batchId } = origin;
  const empty = { start: 0, head: 0, tail: 0, left: 0, next: 0, open: true };
  const returns: Range = { id, productId, batchId, slab: id, expiresAt, ...empty };
  await putNew(deps.db, deps.tables.inventory, rangeItem(returns));
  await listRanges(deps, productId, [{ id, expiresAt }]);
  const first = await nextReturn(deps, id, "just listed");
  if (first === undefined) throw new Error(`returns range ${id} vanished`);
  return first;
}

/** A range that nobody drew from yet may not be listed yet: whoever finds it so lists it first. */
async function nextReturn(
  deps: Deps,
  id: string,
  known: "already listed" | "just listed",
): Promise<Ticket | undefined> {
  const written = await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: rangeKey(id),
    UpdateExpression: "SET #next = #next + :one",
    ConditionExpression: "attribute_exists(pk) AND #next >= :least",
    ExpressionAttributeNames: { "#next": "next" },
    ExpressionAttributeValues: { ":one": 1, ":least": known === "already listed" ? 1 : 0 },
    ReturnValues: "UPDATED_OLD",
  });
  return written.ok ? ticketFor(id, asRange(written.item).next ?? 0) : undefined;
}

export async function readRange(deps: Deps, id: string): Promise<Range | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.inventory, Key: rangeKey(id), ConsistentRead: true }),
  );
  return found.Item === undefined ? undefined : asRange(found.Item);
}
