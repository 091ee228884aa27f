import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import * as z from "zod";
import { stored } from "../aws/stored.ts";
import type { PoolId, Ticket } from "../inventory/model.ts";
import { isObject } from "../kernel/merge.ts";
import type { Money } from "../kernel/money.ts";
import { isBought, type Line, type Order } from "../orders/model.ts";
import { ORDER_STATES, type OrderState } from "../orders/states.ts";

// The log of sales: which places of stock every order took. A table that is restored to an earlier moment does not know
// what was sold since, and would sell it again; the log does. It holds places and ids, nothing that anybody must not
// see.

export type SalesLog = { s3: S3Client; salesLog: string };

/** A run of numbers that a large order took. */
export type Run = { slab: string; pool: PoolId; first: number; quantity: number };

/** What one line took of our stock. `kept`: it has not given it back. */
export type Taken = { productId: string; kept: boolean; tickets: Ticket[]; runs: Run[] };

/** An order as it was when the stream told of it. */
export type SalesEntry = {
  orderId: string;
  /** The order's version. It says which of two entries is the later one, in whatever order they were written. */
  version: number;
  channelId: string;
  state: OrderState;
  total: Money;
  taken: Taken[];
};

const entries = stored<SalesEntry>(
  "entry of the sales log",
  z.object({
    orderId: z.string(),
    version: z.int(),
    channelId: z.string(),
    state: z.enum(ORDER_STATES),
    total: z.object({ amount: z.int(), currency: z.string() }),
    taken: z.array(
      z.object({
        productId: z.string(),
        kept: z.boolean(),
        tickets: z.array(z.string()),
        runs: z.array(z.object({ slab: z.string(), pool: z.string(), first: z.int(), quantity: z.int() })),
      }),
    ),
  }),
);

/** One object of the log: its name, and the time of its first record. Names sort by time. */
export type LogObject = { name: string; at: string; entries: SalesEntry[] };

const PREFIX = "sales/";
const RFC_3339_LENGTH = "2026-11-25T19:20:00.000Z".length;

/**
 * Writes what these orders took. The object is named by the stream's first and last record: the same batch, tried
 * again, is the same object, and a half of it is another. Orders without codes of our stock are left out; without any
 * order there is no object.
 */
export async function logSales(
  { s3, salesLog }: SalesLog,
  orders: readonly Order[],
  records: readonly { at: string; sequence: string }[],
): Promise<void> {
  const sales = orders.map(entryOf).filter(({ taken }) => taken.length > 0);
  const [first, last] = [records[0], records.at(-1)];
  if (sales.length === 0 || first === undefined || last === undefined) return;
  const Body = sales.map((sale) => `${JSON.stringify({ v: entries.version, ...sale })}\n`).join("");
  const Key = `${PREFIX}${first.at}-${first.sequence}-${last.sequence}`;
  await s3.send(new PutObjectCommand({ Bucket: salesLog, Key, Body, ContentType: "application/x-ndjson" }));
}

export function entryOf({ id: orderId, version, channelId, state, total, lines }: Order): SalesEntry {
  return { orderId, version, channelId, state, total, taken: lines.filter((line) => !isBought(line)).map(takenBy) };
}

function takenBy({ productId, state, tickets = [], reserved = [] }: Line): Taken {
  return {
    productId,
    kept: state !== "unwinding" && state !== "returned",
    tickets,
    runs: reserved.map(({ slab, pool, first, quantity }) => ({ slab, pool, first, quantity })),
  };
}

/** Reads the objects behind `after`, which is a name or a time, `atMost` of them. */
export async function readLog({ s3, salesLog }: SalesLog, after: string, atMost: number): Promise<LogObject[]> {
  const StartAfter = `${PREFIX}${after}`;
  const page = await s3.send(
    new ListObjectsV2Command({ Bucket: salesLog, Prefix: PREFIX, StartAfter, MaxKeys: atMost }),
  );
  const keys = (page.Contents ?? []).flatMap(({ Key }) => Key ?? []);
  return Promise.all(
    keys.map(async (Key) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: salesLog, Key }));
      const lines = ((await Body?.transformToString()) ?? "").trimEnd().split("\n");
      const name = Key.slice(PREFIX.length);
      const at = name.slice(0, RFC_3339_LENGTH);
      return { name, at, entries: lines.map((line, at) => entryIn(line, Key, at)) };
    }),
  );
}

/** Parses a line of the log. One that says something else is named by the object and its place in it. */
function entryIn(line: string, object: string, at: number): SalesEntry {
  const said: unknown = JSON.parse(line);
  const [pk, sk] = [object, `line ${at}`];
  return entries.read({ ...(isObject(said) ? said : {}), pk, sk });
}
