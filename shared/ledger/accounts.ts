import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, putNew, transact, update, type Writes } from "../aws/dynamo.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Money } from "../kernel/money.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { type BookDeps, bookingWrites, laterWrites } from "./books.ts";
import { forgetLanes, laneFor, lanesOf, readAccount, readLaneFor } from "./lanes.ts";
import { level } from "./level.ts";
import { type Account, type AccountName, type Lane } from "./model.ts";
import { type Outside, refundEntries } from "./sale-entries.ts";
import { currenciesKey, entryItem, laneKey } from "./table.ts";

type Deps = Db<"ledger">;

/** Reads all accounts of a channel, one for each currency. */
export async function readAccounts(deps: Deps, channelId: string): Promise<Account[]> {
  const currencies = await accountCurrencies(deps, channelId);
  const accounts = await Promise.all(currencies.map((currency) => readAccount(deps, channelId, currency)));
  return accounts.filter((account) => account !== undefined);
}

/** Gives the currencies in which a channel has accounts. */
export async function accountCurrencies(deps: Deps, channelId: string): Promise<string[]> {
  const { pk } = currenciesKey(channelId, "");
  const found = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.ledger,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": pk },
    }),
  );
  return (found.Items ?? []).map((item) => String(item["sk"]));
}

/** Opens an account if there is none. First the note that it exists, so that whoever lists accounts finds it. */
export async function open(deps: Deps, account: AccountName): Promise<void> {
  await putNew(deps.db, deps.tables.ledger, { ...currenciesKey(account.channelId, account.currency) });
  await openLane(deps, account, 0);
}

async function openLane(deps: Deps, account: AccountName, lane: number): Promise<void> {
  const empty: Lane = { ...account, spendable: 0, credit: 0, posted: 0, pending: {} };
  const item = { ...laneKey({ ...account, lane }), ...empty, ...(lane === 0 ? {} : { lane }) };
  await putNew(deps.db, deps.tables.ledger, item);
}

/**
 * Makes the write that brings money to a lane, or takes it without asking whether it is there. It counts a gain, by which readers of all
 * lanes can tell that money moved.
 */
export function gainWrite(deps: Deps, account: AccountName, lane: number, amount: number) {
  return {
    Update: {
      TableName: deps.tables.ledger,
      Key: laneKey({ ...account, lane }),
      UpdateExpression: "SET spendable = spendable + :amount, gains = if_not_exists(gains, :zero) + :one",
      ExpressionAttributeValues: { ":amount": amount, ":zero": 0, ":one": 1 },
    },
  };
}

/**
 * Makes the write that brings what a channel earned by a sale to its account, beside the write that sells. The account is opened if there
 * is none.
 */
export async function marginWrites(
  deps: Deps,
  channelId: string,
  orderId: string,
  { amount, currency }: Money,
): Promise<Writes> {
  if (amount === 0) return [];
  const account = { channelId, currency };
  if ((await readLaneFor(deps, account, orderId)) === undefined) await open(deps, account);
  return [gainWrite(deps, account, laneFor(orderId, await lanesOf(deps, account)), amount)];
}

/** Who gets how much back, in minor units: the channel's account, and who paid at a payment provider. */
export type BackTo = { channel: number; currency: string; outside?: Outside };

/**
 * Gives money of an order back, once for each round of refunds: the entry and the lane change together, so a repeat
 * adds nothing. What the channel had earned goes back with it, also if it has spent that: then it owes it to us, and orders nothing until
 * it has paid in. `cost`: what the codes have cost us that come back into stock. The writes `alongside` happen with it.
 */
export async function refund(
  deps: BookDeps,
  channelId: string,
  order: { id: string; epoch: number; round: number; at: string },
  { channel, currency, outside }: BackTo,
  cost: readonly Money[],
  now: Date,
  alongside: Writes = [],
): Promise<void> {
  const money = { amount: channel, currency };
  if (channel === 0 && outside === undefined && cost.length === 0) return;
  const account = { channelId, currency };
  const { id: orderId, epoch, round, at } = order;
  const times = { at, bookedAt: now.toISOString(), zone: deps.zone };
  const [main, ...others] = refundEntries({ channelId, orderId, epoch, round }, money, cost, times, outside);
  if (main === undefined) return;
  const lane = laneFor(orderId, await lanesOf(deps, account));
  const gained = channel - (outside?.margin ?? 0);
  await transact(deps.db, [
    {
      Put: {
        TableName: deps.tables.ledger,
        Item: entryItem(main),
        ConditionExpression: "attribute_not_exists(pk)",
      },
    },
    // A channel that has paid nothing may have no account.
    ...(gained === 0 ? [] : [gainWrite(deps, account, lane, gained)]),
    ...laterWrites(deps, main),
    ...(await bookingWrites(deps, others)),
    ...alongside,
  ]);
}

/**
 * Cuts an account into `count` lanes and spreads its money over them. Lanes never become fewer: money in one that
 * nobody reads would be missed. First the new lanes are made, then the number is raised, then money moves; so it is
 * safe to repeat and to interrupt.
 */
export async function setLanes(deps: Deps, account: AccountName, count: number): Promise<Result<{ lanes: number }>> {
  if (!Number.isInteger(count) || count < 1 || count > LIMITS.accountLanes)
    return refuse("invalid_request", `An account has 1 to ${LIMITS.accountLanes} lanes.`);
  await open(deps, account);
  for (let lane = 1; lane < count; lane++) await openLane(deps, account, lane);
  const widened = await update(deps.db, {
    TableName: deps.tables.ledger,
    Key: laneKey({ ...account, lane: 0 }),
    UpdateExpression: "SET lanes = :count",
    ConditionExpression: "attribute_not_exists(lanes) OR lanes <= :count",
    ExpressionAttributeValues: { ":count": count },
  });
  if (!widened.ok) return refuse("invalid_request", "An account's lanes never become fewer.");
  forgetLanes(deps, account);
  await level(deps, account);
  return ok({ lanes: count });
}
