import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, putNew, transact, update } from "../aws/dynamo.ts";
import { newId } from "../kernel/ids.ts";
import type { Money } from "../kernel/money.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { type Account, entryFor, pendingKey } from "./model.ts";
import { accountKey, asAccount, currenciesKey, depositKey, entryKey } from "./table.ts";

type Deps = Db<"ledger">;

/** One account, strongly read: what we answer about money must be true now. A look before a leap may cost half. */
export async function readAccount(
  deps: Deps,
  channelId: string,
  currency: string,
  ConsistentRead = true,
): Promise<Account | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.ledger, Key: accountKey(channelId, currency), ConsistentRead }),
  );
  return found.Item === undefined ? undefined : asAccount(found.Item);
}

/** All accounts of a channel, one a currency. */
export async function readAccounts(deps: Deps, channelId: string): Promise<Account[]> {
  const { pk } = currenciesKey(channelId, "");
  const found = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.ledger,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": pk },
    }),
  );
  const accounts = (found.Items ?? []).map((item) => readAccount(deps, channelId, String(item["sk"])));
  return (await Promise.all(accounts)).filter((account) => account !== undefined);
}

/** Pays money in, once for each reference. The account is opened by its first deposit. */
export async function deposit(
  deps: Deps,
  channelId: string,
  money: Money,
  reference: string,
  now: Date,
): Promise<Result<Account>> {
  const table = deps.tables.ledger;
  const { amount, currency } = money;
  const empty: Account = { channelId, currency, spendable: 0, credit: 0, posted: 0, pending: {} };
  await putNew(deps.db, table, { ...currenciesKey(channelId, currency) });
  await putNew(deps.db, table, { ...accountKey(channelId, currency), ...empty });
  const entry = entryFor({ kind: "deposit", reference }, channelId, money, now.toISOString());
  const written = await transact(deps.db, [
    {
      Put: {
        TableName: table,
        Item: { ...depositKey(channelId, reference), ...money },
        ConditionExpression: "attribute_not_exists(pk)",
      },
    },
    { Put: { TableName: table, Item: { ...entryKey(channelId, entry), ...entry } } },
    {
      Update: {
        TableName: table,
        Key: accountKey(channelId, currency),
        UpdateExpression: "SET spendable = spendable + :amount",
        ExpressionAttributeValues: { ":amount": amount },
      },
    },
  ]);
  if (!written.ok) {
    const made = await deps.db.send(
      new GetCommand({ TableName: table, Key: depositKey(channelId, reference), ConsistentRead: true }),
    );
    if (made.Item?.["amount"] !== amount || made.Item["currency"] !== currency)
      return refuse("idempotency_key_reused", "The reference was used for another deposit.");
  }
  const account = await readAccount(deps, channelId, currency);
  if (account === undefined) throw new Error("the account vanished");
  return ok(account);
}

/**
 * The order's money is set aside under this nonce, by us or by another helper. `short`: there is not enough. `other_amount`:
 * what is set aside for this order and epoch is not what the order costs, so it can't pay for it.
 */
export type Debit = { ok: true; nonce: string; mine: boolean } | { ok: false; why: "short" | "other_amount" };

/**
 * Sets an order's money aside. The condition takes care of the race: one pending per order and epoch, and never more than
 * is spendable.
 */
export async function debit(
  deps: Deps,
  channelId: string,
  order: { id: string; epoch: number; total: Money },
  now: Date,
): Promise<Debit> {
  const nonce = newId("evt");
  const written = await update(deps.db, {
    TableName: deps.tables.ledger,
    Key: accountKey(channelId, order.total.currency),
    UpdateExpression: "SET spendable = spendable - :amount, pending.#order = :pending",
    ConditionExpression: "spendable >= :amount AND attribute_not_exists(pending.#order)",
    ExpressionAttributeNames: { "#order": pendingKey(order.id, order.epoch) },
    ExpressionAttributeValues: {
      ":amount": order.total.amount,
      ":pending": { amount: order.total.amount, nonce, at: now.toISOString() },
    },
  });
  if (written.ok) return { ok: true, nonce, mine: true };
  const pending =
    written.old === undefined ? undefined : asAccount(written.old).pending[pendingKey(order.id, order.epoch)];
  if (pending === undefined) return { ok: false, why: "short" };
  if (pending.amount !== order.total.amount) return { ok: false, why: "other_amount" };
  // The SDK may have repeated a write whose answer was lost: then the pending that stands in the way is our own.
  return { ok: true, nonce: pending.nonce, mine: pending.nonce === nonce };
}

/** Gives money of an order back, once for each round of refunds: the entry and the counter move together. */
export async function refund(
  deps: Deps,
  channelId: string,
  order: { id: string; epoch: number; round: number; at: string },
  money: Money,
): Promise<void> {
  if (money.amount === 0) return;
  const table = deps.tables.ledger;
  const cause = { kind: "refund", orderId: order.id, epoch: order.epoch, round: order.round } as const;
  const entry = entryFor(cause, channelId, money, order.at);
  await transact(deps.db, [
    {
      Put: {
        TableName: table,
        Item: { ...entryKey(channelId, entry), ...entry },
        ConditionExpression: "attribute_not_exists(pk)",
      },
    },
    {
      Update: {
        TableName: table,
        Key: accountKey(channelId, money.currency),
        UpdateExpression: "SET spendable = spendable + :amount",
        ExpressionAttributeValues: { ":amount": money.amount },
      },
    },
  ]);
}
