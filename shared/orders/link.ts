import { DeleteCommand, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, update } from "../aws/dynamo.ts";
import { after } from "../kernel/clock.ts";
import { shortName } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { isLinkToken, type LinkToken, linkHashOf } from "../secrecy/link-tokens.ts";
import type { Order } from "./model.ts";
import { asOrder, linkKey, links, orderKey, readOrder } from "./table.ts";

type Deps = Db<"orders">;
type Linked = Pick<Order, "id" | "linkEnds" | "linkCauses">;

/** Which link of an order is good: the first, or one that was made instead. */
export const generationOf = ({ linkCauses = [] }: Linked): number => linkCauses.length + 1;

/** Gives the end of a link that is made now. */
export const linkEndsFrom = (now: Date): string => after(now, LIMITS.linkSeconds);

/** Gives the token of an order's link. Undefined: it has none, or that has ended. */
export function tokenOf(token: LinkToken, order: Linked, now: Date): string | undefined {
  const { id, linkEnds } = order;
  return linkEnds === undefined || linkEnds <= now.toISOString() ? undefined : token(id, generationOf(order));
}

/**
 * Writes the link of an order, before the order is written that tells of it: so there is no order whose link is missing. A link without
 * its order opens nothing, and goes when it ends. This is one write unit; in a transaction with the order it would be four. Writing it again changes
 * nothing.
 */
export async function putLink(deps: Deps, token: LinkToken, order: Linked): Promise<void> {
  const generation = generationOf(order);
  const expiresAtEpoch = Math.ceil(Date.parse(order.linkEnds ?? "") / 1000);
  const Item = links.write(linkKey(linkHashOf(token(order.id, generation))), {
    orderId: order.id,
    generation,
    expiresAtEpoch,
  });
  await deps.db.send(new PutCommand({ TableName: deps.tables.orders, Item }));
}

/**
 * Finds the order that a link opens. Undefined: there is no such link, it has ended, or there is another one instead. One strong read tells
 * that, the same for each of them, so neither the answer nor its time tells them apart.
 */
export async function findByToken(deps: Deps, token: string, now: Date): Promise<Order | undefined> {
  if (!isLinkToken(token)) return undefined;
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.orders, Key: linkKey(linkHashOf(token)), ConsistentRead: true }),
  );
  const link = links.find(found.Item);
  // The table deletes what has ended, though days later.
  if (link === undefined || link.expiresAtEpoch * 1000 <= now.getTime()) return undefined;
  const order = await readOrder(deps, link.orderId);
  // One that was renewed is deleted after the order has moved on.
  return order !== undefined && generationOf(order) === link.generation ? order : undefined;
}

/**
 * Makes another link for an order and ends the one before. `cause` names the request, so that its repeat makes no further one. Of two at
 * once both get the same new link. It is no step of the order, so its version stays, and nobody who works on it is disturbed.
 */
export async function renewLink(
  deps: Deps,
  token: LinkToken,
  { order, cause, now }: { order: Order; cause: string; now: Date },
): Promise<Result<Order>> {
  const renewed = await moveOn(deps, token, { order, name: shortName(cause), now });
  if (!renewed.ok) return renewed;
  const before = generationOf(renewed.value) - 1;
  // A repeat does this again: the process of the first request may have died here.
  if (before > 0)
    await deps.db.send(
      new DeleteCommand({ TableName: deps.tables.orders, Key: linkKey(linkHashOf(token(order.id, before))) }),
    );
  return renewed;
}

/** Tells whether a request has renewed an order's link before. */
export const isRenewedBy = ({ linkCauses = [] }: Linked, cause: string): boolean =>
  linkCauses.includes(shortName(cause));

type Renewal = { order: Order; name: string; now: Date };

async function moveOn(deps: Deps, token: LinkToken, { order, name, now }: Renewal): Promise<Result<Order>> {
  const { linkCauses = [] } = order;
  if (linkCauses.includes(name)) return ok(order);
  if (linkCauses.length >= LIMITS.linkRenewals)
    return refuse("limit_reached", `The link of an order is renewed ${LIMITS.linkRenewals} times at most.`);
  const next = { ...order, linkCauses: [...linkCauses, name], linkEnds: linkEndsFrom(now) };
  await putLink(deps, token, next);
  const written = await update(deps.db, {
    TableName: deps.tables.orders,
    Key: orderKey(order.id),
    UpdateExpression: "SET linkEnds = :ends, linkCauses = :causes",
    ConditionExpression: "attribute_exists(pk) AND (attribute_not_exists(linkCauses) OR linkCauses = :before)",
    ExpressionAttributeValues: { ":ends": next.linkEnds, ":causes": next.linkCauses, ":before": linkCauses },
    ReturnValues: "ALL_NEW",
  });
  if (written.ok) return ok(asOrder(written.item));
  // Another request has renewed it meanwhile: the link that this one was to end has ended.
  return written.old === undefined ? refuse("not_found", "There is no such order.") : ok(asOrder(written.old));
}
