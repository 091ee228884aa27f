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

/** Makes a function that converts money by the rates of the last days. Undefined if there is no recent rate. */
export function converter(known: readonly Rate[], now: Date): (money: Money, currency: string) => Money | undefined {
  return (money, currency) => {
    if (money.currency === currency) return money;
    const rate = known.find(({ from, to }) => from === money.currency && to === currency);
    const isFresh = rate !== undefined && after(new Date(rate.at), LIMITS.rateFreshSeconds) > now.toISOString();
    return isFresh ? convert(money, rate) : undefined;
  };
}
