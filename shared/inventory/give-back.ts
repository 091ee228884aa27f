import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, transact } from "../aws/dynamo.ts";
import { placeOf, type Slot, type Ticket } from "./model.ts";
import { drawReturn } from "./returns.ts";
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
    const { slab, pool } = placeOf(ticket);
    const target = await drawReturn(deps, slab, pool, slot.productId);
    if (await moveCode(deps, slot, ticket, target, giver)) return;
  }
  throw new Error(`could not give ${ticket} back`);
}

/** A number is taken only when its giver slept for a whole hold time and the sweeper buried it: twice is a miracle. */
const GIVE_BACK_TRIES = 3;

/** False: the number was buried before we used it. A code that somebody else moved or sold meanwhile is not ours to move. */
async function moveCode(deps: Deps, slot: Slot, from: Ticket, to: Ticket, giver: Giver): Promise<boolean> {
  const table = deps.tables.inventory;
  const { orderId: _order, soldAt: _sold, until: _until, ...code } = slot;
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
        UpdateExpression:
          "SET #state = :moved, movedTo = :to REMOVE sealed, dataKey, hint, fingerprint, orderId, soldAt, #until",
        ConditionExpression: mine.condition,
        ExpressionAttributeNames: { ...STATE_NAMES, "#until": "until" },
        ExpressionAttributeValues: { ...mine.values, ":moved": "moved", ":to": to },
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

export async function readSlot(deps: Deps, ticket: Ticket): Promise<Slot | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.inventory, Key: slotKey(ticket), ConsistentRead: true }),
  );
  return found.Item === undefined ? undefined : asSlot(found.Item);
}
