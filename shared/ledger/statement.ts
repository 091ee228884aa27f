import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Db } from "../aws/dynamo.ts";
import { readAccounts } from "./accounts.ts";
import { type Cause, type Entry, kindOf, type Leg } from "./entries.ts";
import { type Account, type AccountName, pendingsIn } from "./model.ts";
import { asEntry } from "./stored.ts";
import { entryKey, entryPartitions, oldEntryKey } from "./table.ts";

/** A channel's money, as the channel sees it. */
export type Statement = {
  channelId: string;
  balances: {
    available: Amount;
    pending: Amount;
    credit: Amount;
    movements: Movement[];
  }[];
};
/** An entry as the channel sees it. `amount`: what it gained, in minor units; negative: what it paid. */
export type Movement = { name: string; kind: MovementKind; amount: number; at: string; bookedAt?: string };
/** What moves a channel's money. */
type MovementKind = Extract<Cause["kind"], "deposit" | "deposit_reversal" | "sale" | "refund" | "dispute">;
type Amount = { amount: number; currency: string };

const MOVEMENTS = 20;

export async function readStatement(deps: Db<"ledger">, channelId: string): Promise<Statement> {
  const accounts = await readAccounts(deps, channelId);
  return { channelId, balances: await Promise.all(accounts.map((account) => balanceOf(deps, account))) };
}

async function balanceOf(deps: Db<"ledger">, account: Account): Promise<Statement["balances"][number]> {
  const { currency, channelId } = account;
  const pending = pendingsIn(account).reduce((total, { pending: { amount } }) => total + amount, 0);
  const entries = await newestEntries(deps, account);
  return {
    available: { amount: account.spendable, currency },
    pending: { amount: pending, currency },
    credit: { amount: account.credit, currency },
    movements: movementsIn(entries, channelId),
  };
}

/** Gives entries of a channel's book as the channel sees them. */
export const movementsIn = (entries: readonly Entry[], channelId: string): Movement[] =>
  entries.map(({ name, legs, at, bookedAt }) => ({
    name,
    kind: kindOf({ name }) as MovementKind,
    amount: creditOf(legs, channelId),
    at,
    ...(bookedAt === undefined ? {} : { bookedAt }),
  }));

/** Gives what a channel gained by an entry: a negative amount is what it paid. */
const creditOf = (legs: readonly Leg[], channelId: string): number =>
  legs.reduce((sum, { account, amount }) => (account === `channel:${channelId}` ? sum - amount : sum), 0);

/** Reads the newest entries of each shard and merges them by time. */
async function newestEntries(deps: Db<"ledger">, { channelId, currency }: AccountName): Promise<Entry[]> {
  const pages = await Promise.all(
    entryPartitions({ owner: channelId, currency }).map((pk) =>
      deps.db.send(
        new QueryCommand({
          TableName: deps.tables.ledger,
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: { ":pk": pk },
          ScanIndexForward: false,
          Limit: MOVEMENTS,
        }),
      ),
    ),
  );
  const entries = pages.flatMap(({ Items = [] }) => Items.map(asEntry));
  const placeOf = ({ at, name }: Entry): string => `${at}#${name}`;
  return entries.sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1)).slice(0, MOVEMENTS);
}

/** Reads one entry by its cause and time. */
export async function readEntry(
  deps: Db<"ledger">,
  channelId: string,
  currency: string,
  at: string,
  name: string,
): Promise<Entry | undefined> {
  const entry = { currency, at, name };
  for (const Key of [entryKey(channelId, entry), oldEntryKey(channelId, entry)]) {
    const found = await deps.db.send(new GetCommand({ TableName: deps.tables.ledger, Key }));
    if (found.Item !== undefined) return asEntry(found.Item);
  }
  return undefined;
}
