import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { type Db, type Key, transact } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import { dayAfter } from "../kernel/clock.ts";
import type { Book } from "../ledger/entries.ts";
import type { Closing } from "./model.ts";

/** What reads and writes closings. */
export type ClosingDeps = Db<"ledger">;

/** How the keys of closings begin. */
export const CLOSINGS = "closing#";
const listOf = ({ owner, currency }: Book): string => `${CLOSINGS}${owner}#${currency}`;
const closingKey = (book: Book, day: string): Key => ({ pk: listOf(book), sk: `day#${day}` });
const headKey = (book: Book): Key => ({ pk: listOf(book), sk: "head" });

const amounts = z.record(z.string(), z.int());
const closings = stored<Closing>(
  "closing",
  z.object({
    owner: z.string(),
    currency: z.string(),
    day: z.string(),
    before: z.object({ day: z.string(), hash: z.string() }).exactOptional(),
    opening: amounts,
    movements: z.record(z.string(), z.object({ debit: z.int(), credit: z.int() })),
    closing: amounts,
    entries: z.int(),
    hash: z.string(),
    closedAt: z.string(),
  } satisfies Record<keyof Closing, z.ZodType>),
);

/** How far a book is closed: all days up to `through`, and the last one of them on which something was booked. */
const head = z.object({ through: z.string(), last: z.object({ day: z.string(), hash: z.string() }).exactOptional() });
export type Head = z.infer<typeof head>;
const heads = stored("head of closings", head);

/** Reads how far a book is closed, strongly. Undefined: no day of it ever was. */
export async function readHead(deps: ClosingDeps, book: Book): Promise<Head | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.ledger, Key: headKey(book), ConsistentRead: true }),
  );
  return heads.find(found.Item);
}

/** Reads one closed day, strongly. Undefined: the day is not closed, or nothing was booked on it. */
export async function readClosing(deps: ClosingDeps, book: Book, day: string): Promise<Closing | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.ledger, Key: closingKey(book, day), ConsistentRead: true }),
  );
  return closings.find(found.Item);
}

/** Reads a page of a book's closed days from one to another, both included, the oldest first. `after`: the day where the page before ended. */
export async function listClosings(
  deps: ClosingDeps,
  book: Book,
  { from, to, limit }: { from: string; to: string; limit: number },
  after?: string,
): Promise<{ closings: Closing[]; next: string | null }> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.ledger,
      KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
      ExpressionAttributeValues: { ":pk": listOf(book), ":from": `day#${from}`, ":to": `day#${to}` },
      Limit: limit,
      ...(after === undefined ? {} : { ExclusiveStartKey: closingKey(book, after) }),
    }),
  );
  const last = page.LastEvaluatedKey?.["sk"] as string | undefined;
  return { closings: (page.Items ?? []).map(closings.read), next: last?.slice("day#".length) ?? null };
}

/** Finds the last closed day before another day, strongly. Undefined: nothing was booked before it. */
export async function lastClosingBefore(deps: ClosingDeps, book: Book, day: string): Promise<Closing | undefined> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.ledger,
      KeyConditionExpression: "pk = :pk AND sk BETWEEN :first AND :last",
      ExpressionAttributeValues: { ":pk": listOf(book), ":first": "day#", ":last": `day#${dayAfter(day, -1)}` },
      ScanIndexForward: false,
      ConsistentRead: true,
      Limit: 1,
    }),
  );
  return closings.find(page.Items?.[0]);
}

/** Closes a day, if the book stands where it was read, and gives how far it is closed then. Undefined: somebody else has closed a day of it. */
export async function putClosing(
  deps: ClosingDeps,
  closing: Closing,
  before: Head | undefined,
): Promise<Head | undefined> {
  const { owner, currency, day, hash } = closing;
  const book = { owner, currency };
  const put = { TableName: deps.tables.ledger, Item: closings.write(closingKey(book, day), closing) };
  const now: Head = { through: day, last: { day, hash } };
  const written = await transact(deps.db, [
    { Put: { ...put, ConditionExpression: "attribute_not_exists(pk)" } },
    { Put: headPut(deps, book, now, before) },
  ]);
  return written.ok ? now : undefined;
}

/** Notes that nothing was booked up to a day, and that it is closed with all before it. Gives what `putClosing` gives. */
export async function putThrough(
  deps: ClosingDeps,
  book: Book,
  through: string,
  before: Head | undefined,
): Promise<Head | undefined> {
  const now: Head = { ...before, through };
  const written = await transact(deps.db, [{ Put: headPut(deps, book, now, before) }]);
  return written.ok ? now : undefined;
}

function headPut(deps: ClosingDeps, book: Book, to: Head, before: Head | undefined) {
  const put = { TableName: deps.tables.ledger, Item: heads.write(headKey(book), to) };
  if (before === undefined) return { ...put, ConditionExpression: "attribute_not_exists(pk)" };
  return {
    ...put,
    ConditionExpression: "through = :through",
    ExpressionAttributeValues: { ":through": before.through },
  };
}
