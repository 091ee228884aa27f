import type { Book } from "../../shared/ledger/entries.ts";
import type { OperatorAnswer, Send } from "./client.ts";
import type { Given } from "./command.ts";
import { answersOf } from "./paged.ts";
import { WrongUsage } from "./wrong-usage.ts";

/** A call was refused, or nobody could be reached: that is the answer, whatever was read before. */
class Refused extends Error {
  readonly answer: OperatorAnswer;
  constructor(answer: OperatorAnswer) {
    super("refused");
    this.answer = answer;
  }
}

/** Reads a list page after page. Throws `Refused` at the first that is. */
export async function* pagesOf<P>(send: Send, path: string, query: Record<string, string> = {}): AsyncGenerator<P> {
  for await (const { answer } of answersOf(send, { method: "GET", path, query })) {
    if (!answer.ok) throw new Refused(answer);
    yield answer.body as P;
  }
}

/** Answers with what the work gives, or with the refusal that ended it. */
export async function orRefused(work: () => Promise<unknown>): Promise<OperatorAnswer> {
  try {
    return { ok: true, status: 200, body: await work() };
  } catch (error) {
    if (error instanceof Refused) return error.answer;
    throw error;
  }
}

/** Reads which books there are. */
export async function allBooks(send: Send): Promise<Book[]> {
  const books: Book[] = [];
  for await (const { data } of pagesOf<{ data: Book[] }>(send, "/admin/v1/ledger/books")) books.push(...data);
  return books;
}

/** Gives the address of what a book has. */
export const ofBook = ({ owner, currency }: Book, rest: string): string =>
  `/admin/v1/ledger/books/${encodeURIComponent(owner)}/${currency}/${rest}`;

/** Gives a day that an option says. Undefined: it is not there. */
export function dayOf({ options }: Given, name: "from" | "to"): string | undefined {
  const day = options[name];
  if (day !== undefined && !/^\d{4}-\d\d-\d\d$/.test(day))
    throw new WrongUsage(`--${name} must be a day, as 2026-03-01.`);
  return day;
}
