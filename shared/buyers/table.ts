import { PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Db } from "../aws/dynamo.ts";
import { queryPages } from "../aws/query-pages.ts";
import { stored } from "../aws/stored.ts";
import { dayAfter, utcDay } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";

type Deps = Db<"operations">;

/** How the keys of erasures begin: those of one day stand together. */
export const ERASURES = "erasure#";

const erasures = stored("erasure", z.object({ orderId: z.string() }));

/** Notes that the personal data of an order is erased, before that is done: after a restore of the orders it is erased again. */
export async function noteErasure(deps: Deps, orderId: string, now: Date): Promise<void> {
  const key = { pk: `${ERASURES}${utcDay(now)}`, sk: orderId };
  const expiresAtEpoch = Math.floor(now.getTime() / 1000) + LIMITS.erasuresKeptSeconds;
  const Item = erasures.write(key, { orderId }, { expiresAtEpoch });
  await deps.db.send(new PutCommand({ TableName: deps.tables.operations, Item }));
}

/** An order whose personal data was erased, and where that is noted: who goes on from there gets those after it. */
export type Erased = { orderId: string; place: string };

/** How a place looks: the day, and the order. */
export const ERASED_PLACE = /^\d{4}-\d\d-\d\d\/ord_[0-9a-z]+$/;

/** Gives the orders whose personal data was erased from a day on until today, each day's by itself. `afterPlace`: only those after it. */
export async function* erasedSince(deps: Deps, since: Date, now: Date, afterPlace?: string): AsyncGenerator<Erased> {
  const [firstDay = "", lastId] = afterPlace?.split("/") ?? [utcDay(since)];
  for (let day = firstDay; day <= utcDay(now); day = dayAfter(day))
    for await (const orderId of erasedOn(deps, day, day === firstDay ? lastId : undefined))
      yield { orderId, place: `${day}/${orderId}` };
}

async function* erasedOn(deps: Deps, day: string, afterId?: string): AsyncGenerator<string> {
  const pk = `${ERASURES}${day}`;
  const items = queryPages(deps.db, {
    TableName: deps.tables.operations,
    KeyConditionExpression: "pk = :day",
    ExpressionAttributeValues: { ":day": pk },
    ...(afterId === undefined ? {} : { ExclusiveStartKey: { pk, sk: afterId } }),
  });
  for await (const page of items) for (const item of page) yield erasures.read(item).orderId;
}
