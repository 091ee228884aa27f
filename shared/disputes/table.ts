import { GetCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Db, Item, Key, Writes } from "../aws/dynamo.ts";
import { listedAs } from "../aws/listed.ts";
import { stored } from "../aws/stored.ts";
import { StoredMoney as money } from "../kernel/money.ts";
import { DISPUTE_REASONS, DISPUTE_STATES } from "../payments/dispute-contract.ts";
import { ANSWERS, type Dispute } from "./model.ts";

/** How the keys of disputes begin. */
export const DISPUTES = "dispute#";
export const disputeKey = (id: string): Key => ({ pk: `${DISPUTES}${id}`, sk: "dispute" });

const moved = { taken: z.int(), givenBack: z.int() };
const state = z.enum(DISPUTE_STATES);

const dispute = z.object({
  id: z.string(),
  version: z.int(),
  provider: z.string(),
  disputeId: z.string(),
  paymentId: z.string(),
  channelId: z.string(),
  orderId: z.string().exactOptional(),
  state,
  amount: money,
  reason: z.enum(DISPUTE_REASONS),
  openedAt: z.string(),
  answerBy: z.string().exactOptional(),
  completeBy: z.string().exactOptional(),
  isAnswered: z.boolean(),
  funds: z.object(moved),
  fees: z.object({ ...moved, currency: z.string() }),
  seenAt: z.string(),
  answer: z
    .object({
      what: z.enum(ANSWERS),
      by: z.string(),
      at: z.string(),
      state: z.enum(["sending", "sent", "refused"]),
      reason: z.string().exactOptional(),
      digest: z.string().exactOptional(),
    })
    .exactOptional(),
  booked: z.object({ pending: z.int(), channel: z.int(), owed: z.int(), loss: z.int(), fee: z.int() }),
  entries: z.int(),
  goods: z.enum(["back", "kept"]).exactOptional(),
  turn: z.int(),
  told: z.int().exactOptional(),
  warnedOf: z.string().exactOptional(),
  asked: z.int(),
  dueAt: z.string().exactOptional(),
  correlationId: z.string().exactOptional(),
} satisfies Record<keyof Dispute, z.ZodType>);

export const disputes = stored<Dispute>("dispute", dispute);

/** The lists in which disputes stand: those that wait for something, by when they are due, and those that are over, by when they began. */
export const OPEN = "disputes-open";
export const CLOSED = "disputes-closed";

const itemOf = (one: Dispute): Item => {
  const { id, dueAt, openedAt } = one;
  const listed = dueAt === undefined ? listedAs(CLOSED, `${openedAt}#${id}`) : listedAs(OPEN, `${dueAt}#${id}`);
  return disputes.write(disputeKey(id), one, listed);
};

/** Reads a dispute, strongly. */
export const readDispute = (deps: Db<"operations">, id: string): Promise<Dispute | undefined> =>
  disputeNamed(deps, disputeKey(id));

/** Reads the dispute under a key that a list names. */
export async function disputeNamed(deps: Db<"operations">, { pk, sk }: Key): Promise<Dispute | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.operations, Key: { pk, sk }, ConsistentRead: true }),
  );
  return disputes.find(found.Item);
}

export type DisputeChange = { [K in keyof Dispute]?: Dispute[K] | undefined };

/** Gives a dispute as it is after a change: members that are undefined are gone. */
export function changed(from: Dispute, change: DisputeChange): Dispute {
  const next = { ...from, ...change, version: from.version + 1 };
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)) as Dispute;
}

/** Makes the write that puts a dispute, if it is still of version `from`. `from` 0: it must be new. */
export function disputeWrite(deps: Db<"operations">, to: Dispute, from: number): Writes[number] {
  const put = { TableName: deps.tables.operations, Item: itemOf(to) };
  if (from === 0) return { Put: { ...put, ConditionExpression: "attribute_not_exists(pk)" } };
  return {
    Put: {
      ...put,
      ConditionExpression: "#version = :from",
      ExpressionAttributeNames: { "#version": "version" },
      ExpressionAttributeValues: { ":from": from },
    },
  };
}
