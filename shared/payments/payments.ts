import { isDeepStrictEqual } from "node:util";
import { GetCommand, type PutCommandInput } from "@aws-sdk/lib-dynamodb";
import { type Db, type Item, putIf, putNew, transact, type Writes } from "../aws/dynamo.ts";
import type { Refund } from "./contract.ts";
import { isToStart, PAYMENT_MOVES, type Payment, type PaymentRefund, refundIdFor } from "./model.ts";
import { dueAttributes, paymentItem, paymentKey, payments } from "./table.ts";

type Deps = Db<"orders">;

/** Reads a payment, strongly. */
export async function readPayment(deps: Deps, id: string): Promise<Payment | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.orders, Key: paymentKey(id), ConsistentRead: true }),
  );
  return payments.find(found.Item);
}

/** Makes the write that writes a new payment down. It goes with the write that asks for it. */
export const newPaymentWrite = (deps: Deps, payment: Payment): Writes[number] => ({
  Put: { TableName: deps.tables.orders, Item: paymentItem(payment) },
});

/**
 * Writes a new payment down before what asks for it is written. Returns what stands there already, of somebody who asks for another one
 * under the same name; undefined: this one stands.
 */
export async function putPayment(deps: Deps, payment: Payment): Promise<Payment | undefined> {
  const written = await putNew(deps.db, deps.tables.orders, paymentItem(payment));
  const stands = written.ok ? payment : payments.find(written.old);
  return isDeepStrictEqual(stands, payment) ? undefined : stands;
}

/** Makes the write that writes a new payment in the place of one that nobody has begun. It goes with the write that asks for it. */
export const insteadWrite = (deps: Deps, stands: Payment, payment: Payment): Writes[number] => ({
  Put: {
    TableName: deps.tables.orders,
    Item: paymentItem({ ...payment, version: stands.version + 1 }),
    ...isStill(stands),
  },
});

/** The payment is what the caller read. */
const isStill = ({ version }: Payment) => ({
  ConditionExpression: "#version = :from",
  ExpressionAttributeNames: { "#version": "version" },
  ExpressionAttributeValues: { ":from": version },
});

export type PaymentChange = { [K in keyof Payment]?: Payment[K] | undefined };

/**
 * Changes a payment, if it is still what the caller read; the writes `alongside` happen with it or not at all. Undefined: it was
 * changed meanwhile.
 */
export async function movePayment(
  deps: Deps,
  from: Payment,
  change: PaymentChange,
  alongside: Writes = [],
): Promise<Payment | undefined> {
  const { to, write } = paymentMove(deps, from, change);
  if (alongside.length === 0) return putAlone(deps, write.Put, to);
  const written = await transact(deps.db, [write, ...alongside]);
  return written.ok ? to : undefined;
}

/**
 * Writes a payment by itself, for half the price of a transaction. The SDK repeats a write whose answer was lost, and a plain one has no
 * token by which DynamoDB knows the repeat: then what we have written stands in the way. Whether it was us or somebody who wrote the very
 * same makes no difference to anybody.
 */
async function putAlone(deps: Deps, put: PutCommandInput & { Item: Item }, to: Payment): Promise<Payment | undefined> {
  const written = await putIf(deps.db, put);
  return written.ok || isDeepStrictEqual(payments.find(written.old), to) ? to : undefined;
}

/** Makes the write that changes a payment, if it is still what the caller read. It goes with the write of the order that it pays. */
export function paymentMove(
  deps: Deps,
  from: Payment,
  change: PaymentChange,
): { to: Payment; write: { Put: PutCommandInput & { Item: Item } } } {
  const next = forgetting({ ...from, ...change, version: from.version + 1 } as Payment);
  if (!PAYMENT_MOVES[from.state].includes(next.state)) throw new Error(`illegal move: ${from.state} to ${next.state}`);
  const to = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)) as Payment;
  const Put = {
    TableName: deps.tables.orders,
    Item: paymentItem(to),
    ...isStill(from),
  };
  return { to, write: { Put } };
}

/** Drops what was said of the payer, unless the provider must still be told. */
function forgetting(payment: Payment): Payment {
  if (isToStart(payment)) return payment;
  const { openId: _openId, payerIp: _payerIp, returnUrl: _returnUrl, ...rest } = payment;
  return rest;
}

/** Makes a refund as it is written down, before the provider hears of it. */
export function newRefund(paymentId: string, decided: Omit<Refund, "id">): PaymentRefund {
  return { ...decided, id: refundIdFor(paymentId, decided.cause), state: "requested", asked: 0 };
}

/**
 * Makes the write that asks for a refund, once for its cause: repeated, it fails. It needs no reading of the payment, so it can go
 * with the write that owes the money.
 */
export function refundWrite(deps: Deps, paymentId: string, refund: PaymentRefund, now: Date): Writes[number] {
  const { careQueue, careAt } = dueAttributes(paymentId, now.toISOString());
  return {
    Update: {
      TableName: deps.tables.orders,
      Key: paymentKey(paymentId),
      UpdateExpression:
        "SET refunds.#refund = :refund, #version = #version + :one, careQueue = :queue, careAt = :now, dueAt = :now",
      ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(refunds.#refund)",
      ExpressionAttributeNames: { "#refund": refund.id, "#version": "version" },
      ExpressionAttributeValues: { ":refund": refund, ":one": 1, ":queue": careQueue, ":now": careAt },
    },
  };
}
