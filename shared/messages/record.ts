import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, putIf, putNew } from "../aws/dynamo.ts";
import { after, type Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { MESSAGE_MOVES, type Message, messageIdOf } from "./model.ts";
import { messageItem, messages, messagesOf } from "./table.ts";

// Messages as they are written down: before they are sent, and after.

export type RecordDeps = Db<"operations"> & { clock: Clock };

/** Reads all messages of an order, strongly: a few, of some hundred bytes each. */
export async function messagesOfOrder(deps: Db<"operations">, orderId: string): Promise<Message[]> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.operations,
      KeyConditionExpression: "pk = :order",
      ExpressionAttributeValues: { ":order": messagesOf(orderId) },
      ConsistentRead: true,
    }),
  );
  return (page.Items ?? []).map(messages.read);
}

type New = Pick<Message, "orderId" | "channelId" | "template" | "occasion" | "medium" | "sender" | "to">;

/** Writes a message down before it is sent; this call has it then. Undefined: another call was first. */
export async function putDown(deps: RecordDeps, of: New): Promise<Message | undefined> {
  const now = deps.clock();
  const message: Message = {
    id: messageIdOf(of.orderId, of.template, of.occasion),
    ...of,
    state: "sending",
    createdAt: now.toISOString(),
    version: 1,
    dueAt: leaseFrom(now),
    lost: 0,
    notSent: 0,
  };
  const written = await putNew(deps.db, deps.tables.operations, messageItem(message, kept(now)));
  return written.ok ? message : undefined;
}

const leaseFrom = (now: Date): string => after(now, LIMITS.messageClaimedSeconds);
const kept = (now: Date) => ({ expiresAtEpoch: Math.floor(now.getTime() / 1000) + LIMITS.messagesKeptSeconds });

/** Has this call take a message that is due, from a call that died or that could not send it. Undefined: another call was first. */
export const takeOver = (deps: RecordDeps, from: Message, change: Partial<Message>): Promise<Message | undefined> =>
  moveMessage(deps, from, { ...change, state: "sending", dueAt: leaseFrom(deps.clock()) });

/** Changes a message, if it still is what the caller read. Undefined: it isn't. */
export async function moveMessage(
  deps: RecordDeps,
  from: Message,
  change: Partial<Message> & Pick<Message, "state">,
): Promise<Message | undefined> {
  if (!MESSAGE_MOVES[from.state].includes(change.state))
    throw new Error(`illegal move: ${from.state} to ${change.state}`);
  const { dueAt: _due, reason: _earlier, ...rest } = from;
  const message = { ...rest, ...change, version: from.version + 1 };
  const written = await putIf(deps.db, {
    TableName: deps.tables.operations,
    Item: messageItem(message, kept(deps.clock())),
    ConditionExpression: "version = :from",
    ExpressionAttributeValues: { ":from": from.version },
  });
  return written.ok ? message : undefined;
}
