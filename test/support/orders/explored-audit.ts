import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { pendingsIn } from "../../../shared/ledger/model.ts";
import { buyerOf } from "../../../shared/limits/model.ts";
import { CONTACT_CONTEXT, contactBinding } from "../../../shared/orders/contact.ts";
import { listOrders } from "../../../shared/orders/list.ts";
import type { Line, Order } from "../../../shared/orders/model.ts";
import { isFinal } from "../../../shared/orders/states.ts";
import { orderKey } from "../../../shared/orders/table.ts";
import { unseal, unwrap } from "../../../shared/secrecy/envelope.ts";
import type { Everything } from "../engine/on-second-engine.ts";
import { moneyAddsUp, violations } from "./invariants.ts";

type Deps = Everything["deps"];

export const CURRENCIES = ["CNY", "USD"] as const;

/** A shop that was explored, now that all is quiet. */
export type Explored = {
  channelId: string;
  /** Those with stock, and those that are limited. */
  products: readonly string[];
  limited: readonly string[];
  /** What the orders' names are, also of those that were never made. */
  ids: readonly string[];
  orders: readonly Order[];
  /** In each currency. */
  paidIn: number;
  /** Purchases that the supplier has delivered. */
  delivered: ReadonlySet<string>;
  /** Orders of which an operator gave up what a supplier might still deliver. */
  givenUp: ReadonlySet<string>;
  /** Codes that somebody saw, and the order that they were of. */
  seen: ReadonlyMap<string, string>;
};

/** Everything that is wrong: codes with their owners, money, counters, and what the supplier delivered. */
export async function faultsOf(deps: Deps, of: Explored): Promise<string[]> {
  const { products, channelId, ids, orders, seen } = of;
  const wrong: string[] = [];
  wrong.push(...(await violations(deps, { products, orders: ids })));
  for (const currency of CURRENCIES) {
    wrong.push(...(await moneyAddsUp(deps, channelId, currency, orders)));
    wrong.push(...(await moneyIsThere(deps, of, currency)));
  }
  wrong.push(...(await countersAreTrue(deps, of)), ...nothingIsGivenAway(of), ...(await buyerIsKnown(deps, of)));
  for (const [secret, id] of seen)
    if (!orders.some((order) => order.id === id && ["fulfilled", "partly_fulfilled"].includes(order.state)))
      wrong.push(`${secret} was seen, and ${id} was undone`);
  for (const { id, state } of orders) if (!isFinal(state)) wrong.push(`${id} is stranded: ${state}`);
  return [...new Set(wrong)];
}

async function moneyIsThere(deps: Deps, { channelId, orders, paidIn }: Explored, currency: string): Promise<string[]> {
  const account = await readAccount(deps, channelId, currency);
  const pending = account === undefined ? [] : pendingsIn(account);
  const wrong = pending.map(({ key }) => `${key} is still pending in ${currency}`);
  const kept = orders
    .filter(({ fundedBy, total }) => fundedBy !== undefined && total.currency === currency)
    .reduce((sum, { total, refunded }) => sum + total.amount - refunded, 0);
  for (const { id, total, refunded } of orders)
    if (refunded > total.amount) wrong.push(`${id} cost ${total.amount} and gave back ${refunded}`);
  const left = account?.spendable ?? 0;
  if (left + kept !== paidIn) wrong.push(`${currency}: ${paidIn} came in, ${kept} were kept, ${left} are left`);
  return wrong;
}

async function countersAreTrue(deps: Deps, { channelId, limited, orders }: Explored): Promise<string[]> {
  const buyer = buyerOf(await deps.recognise(), channelId, BUYER)?.name ?? "";
  const isBack = ({ state }: Order): boolean => ["expired", "refused", "cancelled", "refunded"].includes(state);
  const kept = orders.filter((order) => !isBack(order)).flatMap(({ lines }) => lines);
  const bought = (productId: string): number =>
    kept
      .filter((line) => line.state !== "returned" && (line.replaced?.[0]?.productId ?? line.productId) === productId)
      .reduce((sum, { quantity }) => sum + quantity, 0);
  const should = new Map([
    ...limited.flatMap((productId): [string, number][] => [
      [`limit#${productId}#total#all#ever`, bought(productId)],
      [`limit#${productId}#perBuyer#${buyer}#ever`, bought(productId)],
    ]),
    [`unpaid#channel#${channelId}`, 0],
    [`unpaid#buyer#${buyer}`, 0],
  ]);
  const wrong: string[] = [];
  for (const [pk, expected] of should) {
    const Key = { pk, sk: "limit" };
    const found = await deps.db.send(new GetCommand({ TableName: deps.tables.orders, Key, ConsistentRead: true }));
    const used = Number(found.Item?.["used"] ?? 0);
    if (used !== expected) wrong.push(`${pk} counts ${used}, orders say ${expected}`);
  }
  return wrong;
}

/** All orders are this buyer's, and some say how they can be reached. */
export const BUYER = "anna";
export const CONTACT = "anna@example.com";

/** The buyer's list is all orders, a contact is the one that the order was placed with, and none lies in the clear. */
async function buyerIsKnown(deps: Deps, { channelId, orders }: Explored): Promise<string[]> {
  const buyer = buyerOf(await deps.recognise(), channelId, BUYER)?.name ?? "";
  const listed = (await listOrders(deps, { buyer }, orders.length + 1)).orders.map(({ id }) => id);
  const wrong = orders.filter(({ id }) => !listed.includes(id)).map(({ id }) => `${id} is not its buyer's`);
  if (listed.length !== orders.length)
    wrong.push(`the buyer has ${listed.length} orders, and there are ${orders.length}`);
  const wrapping = { kms: deps.kms, keyId: deps.personalKey, context: CONTACT_CONTEXT };
  for (const { id, contact } of orders) {
    const found = await deps.db.send(new GetCommand({ TableName: deps.tables.orders, Key: orderKey(id) }));
    if (JSON.stringify(found.Item).includes(CONTACT)) wrong.push(`the contact of ${id} lies in the clear`);
    if (contact?.fields.email === undefined) continue;
    const opened = unseal(await unwrap(wrapping, contact.dataKey), contact.fields.email, contactBinding(id, "email"));
    if (opened !== CONTACT) wrong.push(`${id} has the contact ${opened}`);
  }
  return wrong;
}

/** What a supplier delivered has a buyer, unless an operator gave it up although it might come. */
function nothingIsGivenAway({ orders, delivered, givenUp }: Explored): string[] {
  const isDelivered = ({ state, attempt, kind }: Line): boolean =>
    state === "fulfilled" && kind === "topup" && attempt !== undefined;
  const had = new Set(
    orders.flatMap(({ lines }) => lines.filter(isDelivered).flatMap(({ attempt }) => attempt?.reference ?? [])),
  );
  const wrong = [...had].filter((reference) => !delivered.has(reference)).map((one) => `${one} was not delivered`);
  for (const reference of delivered) {
    const order = orders.find(({ id }) => reference.startsWith(`${id}-`));
    const wasReplaced = order?.lines.some(({ history = [] }) => history.some((one) => one.reference === reference));
    if (order?.state === "cancelled") wrong.push(`${reference} was delivered, and its order is cancelled`);
    else if (!had.has(reference) && !givenUp.has(order?.id ?? "") && wasReplaced !== true)
      wrong.push(`${reference} was delivered, and nobody has it`);
  }
  return wrong;
}
