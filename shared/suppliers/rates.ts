import { GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Db } from "../aws/dynamo.ts";
import { after } from "../kernel/clock.ts";
import { convert, type Rate } from "../kernel/convert.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Money } from "../kernel/money.ts";
import { RATES, rateKey, rates } from "./table.ts";

type Deps = Db<"operations">;

/** Sets a rate of exchange, from now on. */
export async function setRate(deps: Deps, rate: Rate): Promise<void> {
  const Item = rates.write(rateKey(rate), rate);
  await deps.db.send(new PutCommand({ TableName: deps.tables.operations, Item }));
}

/** Reads a rate, strongly. Undefined: there is none. */
export async function findRate(deps: Deps, { from, to }: Pick<Rate, "from" | "to">): Promise<Rate | undefined> {
  const Key = rateKey({ from, to });
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.operations, Key, ConsistentRead: true }));
  return rates.find(found.Item);
}

/** Reads every rate: some tens at most. */
export async function listRates(deps: Deps): Promise<Rate[]> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.operations,
      KeyConditionExpression: "pk = :rates",
      ExpressionAttributeValues: { ":rates": RATES },
    }),
  );
  return (page.Items ?? []).map(rates.read);
}

/** Finds a rate among those of the last days. Undefined: there is no recent one. */
export type RateFinder = (from: string, to: string) => Rate | undefined;

/** Makes a function that finds rates of the last days. */
export const recentRates =
  (known: readonly Rate[], now: Date): RateFinder =>
  (from, to) =>
    known.find(
      (one) =>
        one.from === from && one.to === to && after(new Date(one.at), LIMITS.rateFreshSeconds) > now.toISOString(),
    );

/** Gives money in a currency, by the rate that is found. Undefined if there is no recent rate. */
export function inCurrency(money: Money, currency: string, rateOf: RateFinder): Money | undefined {
  if (money.currency === currency) return money;
  const rate = rateOf(money.currency, currency);
  return rate && convert(money, rate);
}
