import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Db } from "../aws/dynamo.ts";
import { readAccounts } from "./accounts.ts";
import type { Account, Entry } from "./model.ts";
import { asEntry, entryKey } from "./table.ts";

/** A channel's money as the channel sees it. */
export type Statement = {
  channelId: string;
  balances: {
    available: Amount;
    pending: Amount;
    credit: Amount;
    movements: { name: string; kind: string; amount: number; at: string }[];
  }[];
};
type Amount = { amount: number; currency: string };

const MOVEMENTS = 20;

export async function readStatement(deps: Db<"ledger">, channelId: string): Promise<Statement> {
  const accounts = await readAccounts(deps, channelId);
  return { channelId, balances: await Promise.all(accounts.map((account) => balanceOf(deps, account))) };
}

async function balanceOf(deps: Db<"ledger">, account: Account): Promise<Statement["balances"][number]> {
  const { currency, channelId } = account;
  const pending = Object.values(account.pending).reduce((total, { amount }) => total + amount, 0);
  const entries = await newestEntries(deps, channelId, currency);
  return {
    available: { amount: account.spendable, currency },
    pending: { amount: pending, currency },
    credit: { amount: account.credit, currency },
    movements: entries.map(({ name, debit, amount, at }) => ({
      name,
      kind: name.slice(0, name.indexOf(":")),
      amount: debit === `channel:${channelId}` ? -amount : amount,
      at,
    })),
  };
}

async function newestEntries(deps: Db<"ledger">, channelId: string, currency: string): Promise<Entry[]> {
  const { pk } = entryKey(channelId, { currency, at: "", name: "" });
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.ledger,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": pk },
      ScanIndexForward: false,
      Limit: MOVEMENTS,
    }),
  );
  return (page.Items ?? []).map(asEntry);
}

/** One entry by its cause and time, for those who know both. */
export async function readEntry(
  deps: Db<"ledger">,
  channelId: string,
  currency: string,
  at: string,
  name: string,
): Promise<Entry | undefined> {
  const Key = entryKey(channelId, { currency, at, name });
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.ledger, Key }));
  return found.Item === undefined ? undefined : asEntry(found.Item);
}
