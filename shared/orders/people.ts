import { DeleteCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Db, Key } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import { after, utcDay } from "../kernel/clock.ts";
import { spread } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Recognise } from "../secrecy/recognition.ts";
import type { Contact } from "./contact.ts";
import type { Order } from "./model.ts";

// By whom an order can be found, and when its contact is erased by itself. These items lie beside the order; they name a person by a keyed
// hash, and nothing else of them.

type Deps = Db<"orders">;

/** An order of a person, and one whose contact is to be erased on a day. */
const beside = stored("order of a person", z.object({ orderId: z.string() }));

const personOf = (name: string): string => `person#${name}`;

/** A day's orders are many: a partition key takes a thousand write units a second. */
const SHARDS = 8;
const dueOn = (day: string, shard: number): string => `contacts#${day}#${shard}`;

/** Gives the names, which are keyed hashes, by which somebody with these addresses is found. */
export const namesOf = (recognise: Recognise, { email, phone }: Pick<Contact, "email" | "phone">): string[] =>
  [email, phone].flatMap((address) => (address === undefined ? [] : [recognise("contact", address.toLowerCase())]));

/** Gives the day on which the contact of an order is erased by itself. */
const erasedOn = ({ placedAt }: Pick<Order, "placedAt">): string =>
  utcDay(new Date(after(new Date(placedAt), LIMITS.contactKeptSeconds)));

/**
 * Notes by whom an order can be found, and when its contact is to be erased: before the order is written, so that no order is missed. A
 * note without its order means nothing. Costs a write unit for each address, and one for the day. Writing it again changes nothing.
 */
export async function putPeople(
  deps: Deps,
  names: readonly string[],
  order: Pick<Order, "id" | "placedAt">,
): Promise<void> {
  if (names.length === 0) return;
  const expiresAtEpoch =
    Math.ceil(Date.parse(order.placedAt) / 1000) + LIMITS.contactKeptSeconds + LIMITS.contactNoteSlackSeconds;
  const day = erasedOn(order);
  const places = [...names.map(personOf), dueOn(day, spread(order.id, SHARDS))];
  const items = places.map((pk) => beside.write({ pk, sk: order.id }, { orderId: order.id }, { expiresAtEpoch }));
  await Promise.all(items.map((Item) => deps.db.send(new PutCommand({ TableName: deps.tables.orders, Item }))));
}

/** Reads the orders of somebody by one of their names, strongly, a page at a time. */
export async function ordersOfPerson(
  deps: Deps,
  name: string,
  afterId?: string,
): Promise<{ ids: string[]; next?: string }> {
  return idsIn(deps, personOf(name), afterId);
}

async function idsIn(deps: Deps, pk: string, afterId?: string): Promise<{ ids: string[]; next?: string }> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.orders,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": pk },
      ConsistentRead: true,
      Limit: LIMITS.largestPage,
      ...(afterId === undefined ? {} : { ExclusiveStartKey: { pk, sk: afterId } }),
    }),
  );
  const ids = (page.Items ?? []).map((item) => beside.read(item).orderId);
  const last = ids.at(-1);
  return { ids, ...(page.LastEvaluatedKey === undefined || last === undefined ? {} : { next: last }) };
}

/** Gives the places where the orders stand whose contact is to be erased on a day. */
export const placesDue = (day: string): string[] => Array.from({ length: SHARDS }, (_, shard) => dueOn(day, shard));

/** Reads the first orders that stand at a place of a day. */
export const idsDue = async (deps: Deps, place: string): Promise<string[]> => (await idsIn(deps, place)).ids;

/** Forgets that an order stands at a place of a day. */
export const forgetDue = (deps: Deps, place: string, orderId: string): Promise<unknown> =>
  forget(deps, { pk: place, sk: orderId });

/** Forgets by whom an order can be found. */
export const forgetPerson = (deps: Deps, name: string, orderId: string): Promise<unknown> =>
  forget(deps, { pk: personOf(name), sk: orderId });

const forget = (deps: Deps, key: Key): Promise<unknown> =>
  deps.db.send(new DeleteCommand({ TableName: deps.tables.orders, Key: key }));
