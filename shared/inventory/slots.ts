import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { batchGet } from "../aws/batch-get.ts";
import { type Db, update } from "../aws/dynamo.ts";
import type { Slot, Ticket } from "./model.ts";
import { asSlot, isAvailableOrMine, numberOf, STATE_NAMES, slotKey, slotPartitions } from "./table.ts";

type Deps = Db<"inventory">;

/**
 * Sells the slot under a ticket to the order: the second and last fence. It fails when the sweeper moved the code away
 * because the ticket was too old, or when there is no code under the number.
 */
export async function sellSlot(deps: Deps, ticket: Ticket, orderId: string, now: Date): Promise<Slot | undefined> {
  const written = await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: slotKey(ticket),
    UpdateExpression: "SET #state = :sold, orderId = :order, soldAt = if_not_exists(soldAt, :now)",
    ConditionExpression: isAvailableOrMine.condition,
    ExpressionAttributeNames: STATE_NAMES,
    ExpressionAttributeValues: { ...isAvailableOrMine.values(orderId), ":now": now.toISOString() },
    ReturnValues: "ALL_NEW",
  });
  return written.ok ? asSlot(written.item) : undefined;
}

/** The slots under these tickets, in their order; strongly read, at most 100. */
export async function readSlots(deps: Deps, tickets: readonly Ticket[]): Promise<(Slot | undefined)[]> {
  const table = deps.tables.inventory;
  const found = await batchGet(deps.db, table, tickets.map(slotKey), true);
  const byKey = new Map(found.map((item) => [`${String(item["pk"])}/${String(item["sk"])}`, asSlot(item)]));
  return tickets.map((ticket) => {
    const key = slotKey(ticket);
    return byKey.get(`${key.pk}/${key.sk}`);
  });
}

/** The state of each slot from `from` up to `to`, those that exist, in order; strongly read, page by page. */
export async function* slotStates(
  deps: Deps,
  slab: string,
  from: number,
  to: number,
): AsyncGenerator<{ number: number; state: Slot["state"]; buried: boolean }> {
  for (const { pk, first, last } of slotPartitions(slab, from, to)) {
    let start: Record<string, unknown> | undefined;
    do {
      const page = await deps.db.send(
        new QueryCommand({
          TableName: deps.tables.inventory,
          KeyConditionExpression: "pk = :pk AND sk BETWEEN :first AND :last",
          ProjectionExpression: "sk, #state, codeId",
          ExpressionAttributeNames: STATE_NAMES,
          ExpressionAttributeValues: { ":pk": pk, ":first": first, ":last": last },
          ConsistentRead: true,
          ExclusiveStartKey: start,
        }),
      );
      for (const item of page.Items ?? [])
        yield {
          number: numberOf(String(item["sk"])),
          state: asSlot(item).state,
          buried: item["codeId"] === undefined,
        };
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }
}
