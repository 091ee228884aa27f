import { PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Db } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import { LIMITS } from "../kernel/limits.ts";

type Deps = Db<"operations">;

/** How the keys of erasures begin: those of one day stand together. */
export const ERASURES = "erasure#";

const erasures = stored("erasure", z.object({ orderId: z.string() }));

const dayOf = (at: Date): string => at.toISOString().slice(0, "2026-11-30".length);

/** Notes that the personal data of an order is erased, before that is done: after a restore of the orders it is erased again. */
export async function noteErasure(deps: Deps, orderId: string, now: Date): Promise<void> {
  const key = { pk: `${ERASURES}${dayOf(now)}`, sk: orderId };
  const expiresAtEpoch = Math.floor(now.getTime() / 1000) + LIMITS.erasuresKeptSeconds;
  const Item = erasures.write(key, { orderId }, { expiresAtEpoch });
  await deps.db.send(new PutCommand({ TableName: deps.tables.operations, Item }));
}

/** Gives the orders whose personal data was erased from this day on until today, each day's by itself. */
export async function* erasedSince(deps: Deps, since: Date, now: Date): AsyncGenerator<string> {
  for (let at = since.getTime(); dayOf(new Date(at)) <= dayOf(now); at += 24 * 3600 * 1000)
    yield* erasedOn(deps, dayOf(new Date(at)));
}

async function* erasedOn(deps: Deps, day: string): AsyncGenerator<string> {
  let start: Record<string, unknown> | undefined;
  do {
    const page = await deps.db.send(
      new QueryCommand({
        TableName: deps.tables.operations,
        KeyConditionExpression: "pk = :day",
        ExpressionAttributeValues: { ":day": `${ERASURES}${day}` },
        ExclusiveStartKey: start,
      }),
    );
    for (const item of page.Items ?? []) yield erasures.read(item).orderId;
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}
