import type { Db } from "../../../shared/aws/dynamo.ts";
import { otherBooks } from "../../../shared/ledger/verify.ts";
import { readEntries } from "../orders/books.ts";

/** Sums the legs of every book, those of these channels included, by account; without the accounts that come to nothing. */
export async function accountSums(deps: Db<"ledger">, channels: readonly string[]): Promise<Record<string, number>> {
  // The book of a channel without an account is among the others.
  const listed = await otherBooks(deps);
  const more = channels.filter((id) => !listed.some(({ owner }) => owner === id));
  const books = [...listed, ...more.map((owner) => ({ owner, currency: "CNY" }))];
  const sums = new Map<string, number>();
  for (const { owner, currency } of books)
    for (const { legs } of await readEntries(deps, owner, currency))
      for (const { account, amount } of legs) sums.set(account, (sums.get(account) ?? 0) + amount);
  return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0));
}
