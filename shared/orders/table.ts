import { GetCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { type Db, type Item, type Key, putNew, transact, update, type Writes } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import type { Clock } from "../kernel/clock.ts";
import { idOf, spread } from "../kernel/ids.ts";
import type { Counter, Raised } from "../limits/model.ts";
import { lowerWrites, raiseWrites, usedBefore } from "../limits/table.ts";
import { counted } from "./events.ts";
import type { Order } from "./model.ts";
import { withCountersLowered } from "./order-limits.ts";
import { isLookedAfter, queued } from "./queues.ts";
import { MOVES } from "./states.ts";
import { orders } from "./stored.ts";
import { withReviewOfStuck } from "./stuck.ts";
import { careOf, isOfItsPayment } from "./unfinished.ts";

type Deps = Db<"orders">;
/** Writes that move counters need the time, because a counter goes some time after its period. */
type MoveDeps = Deps & { clock: Clock };

/**
 * Gives the id of the order of an idempotency key. One key of a channel is one order: there is no other idempotency.
 */
export function orderIdFor(channelId: string, idempotencyKey: string): string {
  return idOf("ord", channelId, idempotencyKey);
}

export const orderKey = (id: string): Key => ({ pk: `order#${id}`, sk: "order" });

/** The key of an order's link, by the hash of its token. */
export const linkKey = (hash: string): Key => ({ pk: `link#${hash}`, sk: "link" });

/** What a link opens: an order, by its link of that number, until a time in seconds since 1970. */
export const links = stored(
  "link of an order",
  z.object({ orderId: z.string(), generation: z.int(), expiresAtEpoch: z.int() }),
);

/** The index that lists a channel's orders by time, in shards. */
export const BY_CHANNEL = "byChannelShard";

/**
 * A partition key of an index takes a thousand write units a second, and each sale writes one: eight shards take eight
 * thousand sales.
 */
const LIST_SHARDS = 8;

const listShardOf = ({ id, channelId }: Pick<Order, "id" | "channelId">): string =>
  `${channelId}#${spread(id, LIST_SHARDS)}`;

/** Every shard in which orders of the channel may be listed. */
export const listShards = (channelId: string): string[] =>
  Array.from({ length: LIST_SHARDS }, (_, shard) => `${channelId}#${shard}`);

/** The sparse index that lists the orders of one buyer, by the times of the list of all orders. */
export const BY_BUYER = "byBuyer";

/** A channel may call all its customers the same, so a buyer has as many shards as a channel. */
const buyerShardOf = (buyer: string, shard: number): string => `${buyer}#${shard}`;

/** Every shard in which orders of the buyer may be listed. */
export const buyerShards = (buyer: string): string[] =>
  Array.from({ length: LIST_SHARDS }, (_, shard) => buyerShardOf(buyer, shard));

/** It never changes, so the steps of an order that follow write nothing to the index. */
const ofBuyer = ({ id, buyer }: Order): { buyerShard?: string } =>
  buyer === undefined ? {} : { buyerShard: buyerShardOf(buyer, spread(id, LIST_SHARDS)) };

/** Gives the item of an order, with its places in the indexes. */
export function orderItem(order: Order): Item {
  const listed = { listShard: listShardOf(order), listKey: `${order.placedAt}#${order.id}` };
  const beside = { ...listed, ...ofBuyer(order), ...queued(order), ...careOf(order), ...ofOnePayer(order) };
  return orders.write(orderKey(order.id), order, beside);
}

/** One nonce is written as it is: processes of an earlier version know no lists, and may read it while we deploy. */
function ofOnePayer({ fundedBy: [nonce, ...more] = [] }: Order): Item {
  return nonce === undefined || more.length > 0 ? {} : { fundedBy: nonce };
}

/** Reads an order from its item. Throws `DamagedItem` if it does not parse. */
export const asOrder = (item: Item): Order => orders.read(item);

/** Reads an order; strongly, unless the caller accepts a value that is a moment old at half the price. */
export async function readOrder(deps: Deps, id: string, ConsistentRead = true): Promise<Order | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.orders, Key: orderKey(id), ConsistentRead }),
  );
  return found.Item === undefined ? undefined : asOrder(found.Item);
}

/**
 * The result of putting an order. `order`: it stands as our draft made it; others may have moved it since. `stands`:
 * another draft was first. `limit`: this counter would be above its limit. `stockMoved`: the writes alongside rely on
 * something that has changed.
 */
export type Put =
  | { ok: true; order: Order }
  | { ok: false; stands: Order }
  | { ok: false; limit: Counter }
  | { ok: false; stockMoved: true };

/**
 * Puts a new order, or the next epoch of a refused one, raises its counters, and does the writes alongside: all of that
 * or nothing.
 */
export async function putOrder(
  deps: MoveDeps,
  order: Order,
  refused?: Order,
  counters: readonly Counter[] = [],
  alongside: Writes = [],
): Promise<Put> {
  const put = counted(refused, order);
  if (counters.length + alongside.length > 0) return putTogether(deps, put, refused, counters, alongside);
  const written =
    refused === undefined
      ? await putNew(deps.db, deps.tables.orders, orderItem(put))
      : await update(deps.db, changed(deps, put, refused));
  if (written.ok) return { ok: true, order: put };
  if (written.old === undefined) throw new Error(`order ${order.id} vanished`);
  return unlessOurs(put, asOrder(written.old));
}

/**
 * Tells our own order from another draft's. The SDK repeats a put whose answer was lost; then our own order stands in
 * the way. Only the nonce tells: two drafts of one key may be alike in everything else and cost different amounts.
 */
function unlessOurs({ draft }: Order, stands: Order): Put {
  const isOurs = draft !== undefined && stands.draft === draft;
  return isOurs ? { ok: true, order: stands } : { ok: false, stands };
}

async function putTogether(
  deps: MoveDeps,
  order: Order,
  refused: Order | undefined,
  counters: readonly Counter[],
  alongside: Writes,
): Promise<Put> {
  const TableName = deps.tables.orders;
  const raises = raiseWrites(deps, counters, await usedBefore(deps, counters), deps.clock());
  const put =
    refused === undefined
      ? { Put: { TableName, Item: orderItem(order), ConditionExpression: "attribute_not_exists(pk)" } }
      : { Update: changed(deps, order, refused) };
  const written = await transact(deps.db, [put, ...raises, ...alongside]);
  if (written.ok) return { ok: true, order };
  const [first = 0] = written.failed;
  if (first > counters.length) return { ok: false, stockMoved: true };
  const limit = counters[first - 1];
  if (limit !== undefined) return { ok: false, limit };
  const stands = await readOrder(deps, order.id);
  if (stands === undefined) throw new Error(`order ${order.id} vanished`);
  return unlessOurs(order, stands);
}

export type Moved = { ok: true; order: Order } | { ok: false; order: Order };

/**
 * Changes an order: the only way to do so. It must be a legal move, and the order must still be what the caller read.
 * `undefined` removes an attribute. The writes `alongside` happen with it or not at all. On failure the result has the
 * order as it is now.
 */
export async function moveOrder(deps: MoveDeps, from: Order, change: Change, alongside: Writes = []): Promise<Moved> {
  const next = withReviewOfStuck({ ...from, ...change, version: from.version + 1 } as Order);
  if (next.state !== "awaiting_payment") delete next.alone;
  if (!MOVES[from.state].includes(next.state)) throw new Error(`illegal move: ${from.state} to ${next.state}`);
  const { order: lower, lowered } = withCountersLowered(from, next);
  const to = counted(from, lower);
  if (lowered.length + alongside.length > 0) return moveTogether(deps, from, to, lowered, alongside);
  const written = await update(deps.db, changed(deps, to, from));
  if (written.ok) return { ok: true, order: to };
  if (written.old === undefined) throw new Error(`order ${from.id} vanished`);
  return { ok: false, order: asOrder(written.old) };
}

async function moveTogether(
  deps: MoveDeps,
  from: Order,
  to: Order,
  lowered: readonly Raised[],
  alongside: Writes,
): Promise<Moved> {
  const writes = [...lowerWrites(deps, lowered, deps.clock()), ...alongside];
  const written = await transact(deps.db, [{ Update: changed(deps, to, from) }, ...writes]);
  if (written.ok) return { ok: true, order: to };
  const now = await readOrder(deps, from.id);
  if (now === undefined) throw new Error(`order ${from.id} vanished`);
  return { ok: false, order: now };
}

export type Change = { [K in keyof Order]?: Order[K] | undefined };

/** Makes the conditional update that writes what differs. It costs as much as a put, but says what has changed. */
function changed(deps: MoveDeps, to: Order, from: Order) {
  const before = orderItem(from);
  const after = orderItem(to);
  // An order that enters the index of unfinished orders late has not been without care since it was placed.
  if (before["careQueue"] === undefined && after["careQueue"] !== undefined)
    after["careAt"] = deps.clock().toISOString();
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const set = names.filter((name) => after[name] !== undefined);
  const removed = [...names.filter((name) => after[name] === undefined), ...leftOf(from, after)];
  const remove = removed.length > 0 ? ` REMOVE ${removed.map((name) => `#${name}`).join(", ")}` : "";
  return {
    TableName: deps.tables.orders,
    Key: orderKey(from.id),
    UpdateExpression: `SET ${set.map((name) => `#${name} = :${name}`).join(", ")}${remove}`,
    ConditionExpression: "#version = :from",
    ExpressionAttributeNames: Object.fromEntries(["version", ...set, ...removed].map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ":from": from.version,
      ...Object.fromEntries(set.map((name) => [`:${name}`, after[name]])),
    },
  };
}

/**
 * Gives what must be removed although we don't write it: earlier versions put an order that waits for its buyer's payment into the indexes of
 * unfinished and of unpaid orders too.
 */
const leftOf = (from: Order, after: Item): string[] => [
  ...(isOfItsPayment(from) && after["careQueue"] === undefined ? ["careQueue", "careAt"] : []),
  ...(isLookedAfter(from) && after["reviewQueue"] === undefined ? ["reviewQueue", "reviewSince"] : []),
];

export const orderIdIn = (key: Item): string => String(key["pk"]).slice("order#".length);

/** Reads the orders with these ids. Missing ones are left out. */
export async function ordersNamed(deps: Deps, ids: readonly string[]): Promise<Order[]> {
  const orders = await Promise.all(ids.map((id) => readOrder(deps, id)));
  return orders.filter((order) => order !== undefined);
}
