import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, transact, update, type Writes } from "../aws/dynamo.ts";
import type { Money } from "../kernel/money.ts";
import { ok, type Result } from "../kernel/problem.ts";
import { repeatOf } from "../kernel/repeat.ts";
import { gainWrite, open } from "./accounts.ts";
import type { BookDeps } from "./books.ts";
import { laneFor, lanesOf, readAccount } from "./lanes.ts";
import { level } from "./level.ts";
import type { Account } from "./model.ts";
import { depositEntry, depositReversalEntry } from "./payment-entries.ts";
import { type Deposit, deposits } from "./stored.ts";
import { depositKey, entryItem } from "./table.ts";

type Deps = Db<"ledger">;

/** Reads a deposit by its reference, strongly. */
export async function findDeposit(deps: Deps, channelId: string, reference: string): Promise<Deposit | undefined> {
  const Key = depositKey(channelId, reference);
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.ledger, Key, ConsistentRead: true }));
  return deposits.find(found.Item);
}

/**
 * Pays money in, once for each reference. `provider`: it was paid at a payment provider, and is on the books there. The first deposit
 * opens the account. The money comes to one lane, in one transaction with its entry; then the lanes are levelled.
 */
export async function deposit(
  deps: BookDeps,
  channelId: string,
  money: Money,
  reference: string,
  now: Date,
  provider?: string,
): Promise<Result<Account>> {
  const table = deps.tables.ledger;
  const { amount, currency } = money;
  const account = { channelId, currency };
  await open(deps, account);
  const lane = laneFor(reference, await lanesOf(deps, account));
  const entry = depositEntry(channelId, reference, money, { at: now.toISOString(), zone: deps.zone }, provider);
  const written = await transact(deps.db, [
    {
      Put: {
        TableName: table,
        Item: deposits.write(depositKey(channelId, reference), {
          ...money,
          ...(provider === undefined ? {} : { provider }),
        }),
        ConditionExpression: "attribute_not_exists(pk)",
      },
    },
    { Put: { TableName: table, Item: entryItem({ owner: channelId, entry }) } },
    gainWrite(deps, account, lane, amount),
  ]);
  if (!written.ok) {
    const made = await findDeposit(deps, channelId, reference);
    const isSame = made?.amount === amount && made.currency === currency && made.provider === provider;
    const repeat = repeatOf(reference, isSame, "another deposit", "reference");
    if (!repeat.ok) return repeat;
  }
  const paid = await readAccount(deps, channelId, currency);
  if (paid === undefined) throw new Error("the account vanished");
  if (paid.lanes.length > 1) await level(deps, account);
  return ok(paid);
}

/** Notes on a deposit that somebody wants it reversed. Only the last one who said so counts. False: it is reversed already. */
export async function proposeReversal(
  deps: Deps,
  channelId: string,
  reference: string,
  proposal: NonNullable<Deposit["proposal"]>,
): Promise<boolean> {
  const written = await update(deps.db, {
    TableName: deps.tables.ledger,
    Key: depositKey(channelId, reference),
    UpdateExpression: "SET proposal = :proposal",
    ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(reversedAt)",
    ExpressionAttributeValues: { ":proposal": proposal },
  });
  return written.ok;
}

/**
 * Takes a deposit out of its account again, once, if what somebody has proposed still stands: entry, lane and deposit change together, and
 * so do the writes `alongside`. It asks for no balance: what never was paid in can't be kept because it was spent. False: it is reversed
 * already, or something else was proposed meanwhile.
 */
export async function reverse(
  deps: BookDeps,
  channelId: string,
  reference: string,
  { amount, currency, provider, proposal }: Deposit,
  now: Date,
  alongside: Writes,
): Promise<boolean> {
  const account = { channelId, currency };
  const times = { at: now.toISOString(), zone: deps.zone };
  const entry = depositReversalEntry(channelId, reference, { amount, currency }, times, provider);
  const written = await transact(deps.db, [
    {
      Update: {
        TableName: deps.tables.ledger,
        Key: depositKey(channelId, reference),
        UpdateExpression: "SET reversedAt = :now REMOVE proposal",
        ConditionExpression: "attribute_not_exists(reversedAt) AND proposal.#at = :at",
        ExpressionAttributeNames: { "#at": "at" },
        ExpressionAttributeValues: { ":now": times.at, ":at": proposal?.at ?? "" },
      },
    },
    { Put: { TableName: deps.tables.ledger, Item: entryItem({ owner: channelId, entry }) } },
    gainWrite(deps, account, laneFor(reference, await lanesOf(deps, account)), 0 - amount),
    ...alongside,
  ]);
  return written.ok;
}
