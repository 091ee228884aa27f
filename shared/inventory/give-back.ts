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
  const table = deps.tables.inventory;
  const slot = await readSlot(deps, ticket);
  if (slot === undefined || !mayMove(slot, giver)) return;
  const number = await drawReturn(deps, placeOf(ticket).slab, slot.productId);
  if (number === undefined) return;
  const { orderId: _order, soldAt: _sold, ...code } = slot;
  const mine =
    giver === "anyone" ? isAvailable : { ...isAvailableOrMine, values: isAvailableOrMine.values(giver.orderId) };
  await transact(deps.db, [
    {
      Put: {
        TableName: table,
        Item: { ...code, ...slotKey(number), state: "available" },
        ConditionExpression: "attribute_not_exists(pk)",
      },
    },
    {
      Update: {
        TableName: table,
        Key: slotKey(ticket),
        UpdateExpression: "SET #state = :moved REMOVE sealed, dataKey, hint, orderId, soldAt",
        ConditionExpression: mine.condition,
        ExpressionAttributeNames: STATE_NAMES,
        ExpressionAttributeValues: { ...mine.values, ":moved": "moved" },
      },
    },
  ]);
}

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
async function drawReturn(deps: Deps, slab: string, productId: string): Promise<Ticket | undefined> {
  const id = returnsOf(slab);
  const drawn = await nextReturn(deps, id);
  if (drawn !== undefined) return drawn;
  const origin = await readRange(deps, slab);
  if (origin === undefined) throw new Error(`slab ${slab} has no range`);
  const { expiresAt, batchId } = origin;
  const returns: Range = {
    id,
    productId,
    batchId,
    slab: id,
    start: 0,
    head: 0,
    tail: 0,
    left: 0,
    next: 0,
    expiresAt,
    open: true,
  };
  await putNew(deps.db, deps.tables.inventory, rangeItem(returns));
  await listRanges(deps, productId, [{ id, expiresAt }]);
  return nextReturn(deps, id, true);
}

async function nextReturn(deps: Deps, id: string, listed = false): Promise<Ticket | undefined> {
  const written = await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: rangeKey(id),
    UpdateExpression: "SET #next = #next + :one",
    // A range nobody drew from yet may not be listed yet: whoever finds it so lists it first.
    ConditionExpression: listed ? "attribute_exists(pk)" : "attribute_exists(pk) AND #next > :zero",
    ExpressionAttributeNames: { "#next": "next" },
    ExpressionAttributeValues: listed ? { ":one": 1 } : { ":one": 1, ":zero": 0 },
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
