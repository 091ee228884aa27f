import type { Db } from "../../../shared/aws/dynamo.ts";
import { queryAll } from "../engine/query-all.ts";
import { readEntries } from "../orders/books.ts";

/** Sums the legs of all entries of all books that have such a name, by account, without those that come to nothing. */
export async function sums(deps: Db<"ledger">, isOne: (name: string) => boolean): Promise<Record<string, number>> {
  const books = await queryAll(deps, deps.tables.ledger, { pk: "books" });
  const of: Record<string, number> = {};
  for (const { sk } of books) {
    const [owner = "", currency = ""] = String(sk).split("#");
    for (const { name, legs } of await readEntries(deps, owner, currency))
      if (isOne(name)) for (const { account, amount } of legs) of[account] = (of[account] ?? 0) + amount;
  }
  return Object.fromEntries(Object.entries(of).filter(([, amount]) => amount !== 0));
}
