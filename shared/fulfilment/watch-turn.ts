import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, type Item, update } from "../aws/dynamo.ts";
import { after, type Clock } from "../kernel/clock.ts";
import { Fault } from "../kernel/fault.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Order } from "../orders/model.ts";
import { asOrder, orderKey } from "../orders/table.ts";
import { careOf } from "../orders/unfinished.ts";

// An order has one watch at most: the one whose turn stands beside the order. `careAt` is a time by which it must have
// looked again.

type Deps = Db<"orders"> & { clock: Clock };

/** Reads an order, and the turn of its watch if it ever had one. */
export async function readWatched(
  deps: Db<"orders">,
  orderId: string,
): Promise<{ order: Order; turn: number | undefined } | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.orders, Key: orderKey(orderId), ConsistentRead: true }),
  );
  return found.Item === undefined ? undefined : { order: asOrder(found.Item), turn: turnIn(found.Item) };
}

const turnIn = (item: Item): number | undefined =>
  typeof item["watchTurn"] === "number" ? item["watchTurn"] : undefined;

const careAfter = (deps: Deps, seconds: number): string => after(deps.clock(), seconds + LIMITS.lookSlackSeconds);

/** Takes the next turn away from the present watch. Returns the turn; undefined: there is no such order. */
export async function takeOver(deps: Deps, orderId: string, seconds: number): Promise<number | undefined> {
  const taken = await update(deps.db, {
    TableName: deps.tables.orders,
    Key: orderKey(orderId),
    UpdateExpression: "SET careAt = :at ADD watchTurn :one",
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeValues: { ":at": careAfter(deps, seconds), ":one": 1 },
    ReturnValues: "UPDATED_NEW",
  });
  return taken.ok ? turnIn(taken.item) : undefined;
}

/** A try fails when the order is changed. */
const TRIES = 10;

/**
 * Passes the turn on to the next message, if it is still this one's. False: another watch has taken over, or the order
 * is final. An order that an earlier version has written enters the index of unfinished orders by this.
 */
export async function goOnWatching(deps: Deps, orderId: string, turn: number, seconds: number): Promise<boolean> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const seen = await readWatched(deps, orderId);
    if (seen?.turn !== turn) return false;
    const { careQueue } = careOf(seen.order) ?? {};
    const passed = await update(deps.db, {
      TableName: deps.tables.orders,
      Key: orderKey(orderId),
      UpdateExpression: `SET careAt = :at, watchTurn = :next${careQueue === undefined ? "" : ", careQueue = :queue"}`,
      ConditionExpression: "watchTurn = :turn AND #version = :version",
      ExpressionAttributeNames: { "#version": "version" },
      ExpressionAttributeValues: {
        ":at": careAfter(deps, seconds),
        ":turn": turn,
        ":next": turn + 1,
        ":version": seen.order.version,
        ...(careQueue === undefined ? {} : { ":queue": careQueue }),
      },
    });
    if (passed.ok) return true;
  }
  throw new Fault("order_contended", `order ${orderId} moves too fast to be watched`);
}
