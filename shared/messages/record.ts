import { type Db, putIf, putNew } from "../aws/dynamo.ts";
import { queryAll } from "../aws/query-pages.ts";
import { after, type Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { MESSAGE_MOVES, type Message, messageIdOf } from "./model.ts";
import { messageItem, messages, messagesOf } from "./table.ts";

// Messages as they are written down: before they are sent, and after.

export type RecordDeps = Db<"operations"> & { clock: Clock };

/** Reads all messages of an order, strongly: mostly a few, of some hundred bytes each. */
export async function messagesOfOrder(deps: Db<"operations">, orderId: string): Promise<Message[]> {
  const found = await queryAll(deps.db, {
    TableName: deps.tables.operations,
    KeyConditionExpression: "pk = :order",
    ExpressionAttributeValues: { ":order": messagesOf(orderId) },
    ConsistentRead: true,
  });
  return found.map(messages.read);
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
  const written = await putNew(deps.db, deps.tables.operations, messageItem(message, kept(of.template, now)));
  return written.ok ? message : undefined;
}

const leaseFrom = (now: Date): string => after(now, LIMITS.messageClaimedSeconds);
/** One-time codes may be asked for without end, one an hour, and are of no interest later: an order's messages stay a few. */
const kept = (template: string, now: Date) => {
  const seconds = template === "code" ? LIMITS.codeMessagesKeptSeconds : LIMITS.messagesKeptSeconds;
  return { expiresAtEpoch: Math.floor(now.getTime() / 1000) + seconds };
};

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
    Item: messageItem(message, kept(from.template, deps.clock())),
    ConditionExpression: "version = :from",
    ExpressionAttributeValues: { ":from": from.version },
  });
  return written.ok ? message : undefined;
}
