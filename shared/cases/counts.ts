import { GetCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Db, Key, Writes } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Money } from "../kernel/money.ts";
import type { Order } from "../orders/model.ts";
import { caseCountKey, spendingKey } from "./table.ts";

type Deps = Db<"operations">;

/** What was given away for nothing in a month, in minor units of a currency. */
const spendings = stored("compensations of a month", z.object({ spent: z.int() }));

/** Reads what is left of the month's budget for pieces that are given for nothing, strongly. */
export async function leftToGive(deps: Deps, currency: string, budget: number, now: Date): Promise<number> {
  const Key = spendingKey(currency, now);
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.operations, Key, ConsistentRead: true }));
  return budget - (spendings.find(found.Item)?.spent ?? 0);
}

/** Makes the write that takes an amount of the month's budget, if so much is left: so any number at once stay within it. */
export const spendWrite = (deps: Deps, { amount, currency }: Money, budget: number, now: Date): Writes[number] => ({
  Update: {
    TableName: deps.tables.operations,
    Key: spendingKey(currency, now),
    UpdateExpression: "SET v = :v, spent = if_not_exists(spent, :zero) + :amount, expiresAtEpoch = :end",
    ConditionExpression: ":room >= :zero AND (attribute_not_exists(spent) OR spent <= :room)",
    ExpressionAttributeValues: {
      ":v": spendings.version,
      ":zero": 0,
      ":amount": amount,
      ":room": budget - amount,
      ":end": Math.floor(now.getTime() / 1000) + LIMITS.compensationsKeptSeconds,
    },
  },
});

/** When rules have decided cases of a buyer, the oldest first. A few: what is older than the period is dropped with each write. */
const counts = stored("cases of a buyer", z.object({ at: z.array(z.string()), version: z.int() }));

/** A buyer as cases count them: the channel's own name for them, where it says one; else each order is a buyer. */
const keyOf = ({ id, buyer }: Order): Key => caseCountKey(buyer ?? id);

export type BuyerCount = { at: readonly string[]; version: number };

/** Reads when rules have decided cases of an order's buyer in the last 30 days, strongly. */
export async function readCount(deps: Deps, order: Order, now: Date): Promise<BuyerCount> {
  const Key = keyOf(order);
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.operations, Key, ConsistentRead: true }));
  const { at, version } = counts.find(found.Item) ?? { at: [], version: 0 };
  const since = new Date(now.getTime() - LIMITS.caseCountDays * 24 * 3600 * 1000).toISOString();
  return { at: at.filter((one) => one > since), version };
}

/** Makes the write that counts one more case of the buyer, if nobody has counted another meanwhile: so of two at once one counts first. */
export function countWrite(deps: Deps, order: Order, { at, version }: BuyerCount, now: Date): Writes[number] {
  const count = { at: [...at, now.toISOString()], version: version + 1 };
  const expiresAtEpoch = Math.floor(now.getTime() / 1000) + LIMITS.caseCountKeptSeconds;
  return {
    Put: {
      TableName: deps.tables.operations,
      Item: counts.write(keyOf(order), count, { expiresAtEpoch }),
      ConditionExpression: "attribute_not_exists(version) OR version = :version",
      ExpressionAttributeValues: { ":version": version },
    },
  };
}
