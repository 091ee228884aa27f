import type { S3Client } from "@aws-sdk/client-s3";
import * as z from "zod";
import { type LinesBucket, putLines, readLines } from "../aws/object-lines.ts";
import { stored } from "../aws/stored.ts";
import type { PoolId, Ticket } from "../inventory/model.ts";
import { isObject } from "../kernel/merge.ts";
import { type Money, StoredMoney } from "../kernel/money.ts";
import { isBought, type Line, type Order } from "../orders/model.ts";
import type { Places } from "../orders/places.ts";
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
    total: StoredMoney,
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
const objects = ({ s3, salesLog: bucket }: SalesLog): LinesBucket => ({ s3, bucket, prefix: PREFIX });
const RFC_3339_LENGTH = "2026-11-25T19:20:00.000Z".length;

/**
 * Writes what these orders took. The object is named by the stream's first and last record: the same batch, tried
 * again, is the same object, and a half of it is another. Orders without codes of our stock are left out; without any
 * order there is no object.
 */
export async function logSales(
  deps: SalesLog,
  orders: readonly Order[],
  records: readonly { at: string; sequence: string }[],
): Promise<void> {
  const sales = orders.map(entryOf).filter(({ taken }) => taken.length > 0);
  const [first, last] = [records[0], records.at(-1)];
  if (sales.length === 0 || first === undefined || last === undefined) return;
  const lines = sales.map((sale) => ({ v: entries.version, ...sale }));
  await putLines(objects(deps), `${first.at}-${first.sequence}-${last.sequence}`, lines);
}

export function entryOf({ id: orderId, version, channelId, state, total, lines }: Order): SalesEntry {
  return { orderId, version, channelId, state, total, taken: lines.flatMap(takenBy) };
}

/** Codes that were refunded after somebody had seen them, and those that did not work, stay the order's: nobody may get them again. */
function takenBy(line: Line): Taken[] {
  const { productId, state, back, swapped } = line;
  // Of what was bought only those are ours that came in the places of others.
  if (isBought(line)) return swapped === undefined ? [] : [{ productId, kept: true, tickets: swapped.fresh, runs: [] }];
  const isKept = state !== "unwinding" && state !== "returned";
  const taken = { productId, kept: isKept, ...placesOf(line) };
  const stays = [back?.void ?? [], swapped === undefined ? [] : { tickets: swapped.dead }].flat();
  return [taken, ...stays.map((places) => ({ productId, kept: true, ...placesOf(places) }))];
}

const placesOf = ({ tickets = [], reserved = [] }: Places): Pick<Taken, "tickets" | "runs"> => ({
  tickets,
  runs: reserved.map(({ slab, pool, first, quantity }) => ({ slab, pool, first, quantity })),
});

/** Reads the objects behind `after`, which is a name or a time, `atMost` of them. */
export async function readLog(deps: SalesLog, after: string, atMost: number): Promise<LogObject[]> {
  const found = await readLines(objects(deps), { after }, atMost);
  return found.map(({ name, lines }) => ({
    name,
    at: name.slice(0, RFC_3339_LENGTH),
    entries: lines.map((line, at) => entryIn(line, name, at)),
  }));
}

/** Parses a line of the log. One that says something else is named by the object and its place in it. */
function entryIn(said: unknown, object: string, at: number): SalesEntry {
  const [pk, sk] = [`${PREFIX}${object}`, `line ${at}`];
  return entries.read({ ...(isObject(said) ? said : {}), pk, sk });
}
