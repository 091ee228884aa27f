import type { Db } from "../../../shared/aws/dynamo.ts";
import { otherEntries, readEntries } from "../orders/books.ts";

/** Sums the legs of every book, those of these channels included, by account; without the accounts that come to nothing. */
export async function accountSums(deps: Db<"ledger">, channels: readonly string[]): Promise<Record<string, number>> {
  const books = [otherEntries(deps), ...channels.map((channelId) => readEntries(deps, channelId, "CNY"))];
  const sums = new Map<string, number>();
  for (const { legs } of (await Promise.all(books)).flat())
    for (const { account, amount } of legs) sums.set(account, (sums.get(account) ?? 0) + amount);
  return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0));
}
