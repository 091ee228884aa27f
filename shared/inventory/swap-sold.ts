import type { Db, Writes } from "../aws/dynamo.ts";
import type { Ticket } from "./model.ts";
import { isSellable, STATE_NAMES, slotKey } from "./table.ts";

/**
 * Makes the writes that sell a code to an order in the place of one that does not work. The other one stays sold to the order, marked by
 * the case, and is never shown or sold again. They fail if the order does not have the one, or can't have the other.
 */
export function swapWrites(
  deps: Db<"inventory">,
  { dead, fresh }: { dead: Ticket; fresh: Ticket },
  { orderId, caseId, now }: { orderId: string; caseId: string; now: Date },
): Writes {
  return [
    {
      Update: {
        TableName: deps.tables.inventory,
        Key: slotKey(dead),
        UpdateExpression: "SET deadBy = :case",
        ConditionExpression: "#state = :sold AND orderId = :order AND attribute_not_exists(deadBy)",
        ExpressionAttributeNames: STATE_NAMES,
        ExpressionAttributeValues: { ":case": caseId, ":sold": "sold", ":order": orderId },
      },
    },
    sellWrite(deps, fresh, orderId, now),
  ];
}

/** Makes the write that sells a code to an order, with the conditions of every sale. */
export const sellWrite = (deps: Db<"inventory">, ticket: Ticket, orderId: string, now: Date): Writes[number] => ({
  Update: {
    TableName: deps.tables.inventory,
    Key: slotKey(ticket),
    UpdateExpression: "SET #state = :sold, orderId = :order, soldAt = if_not_exists(soldAt, :now)",
    ConditionExpression: isSellable.condition,
    ExpressionAttributeNames: STATE_NAMES,
    ExpressionAttributeValues: isSellable.values(orderId, now),
  },
});
