import { BatchWriteCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Item } from "../../shared/aws/dynamo.ts";
import { createProduct } from "../../shared/catalog/products.ts";
import { putCodes } from "../../shared/inventory/import.ts";
import { openForSale } from "../../shared/inventory/open-for-sale.ts";
import { allRanges } from "../../shared/inventory/ranges.ts";
import { sellSlot } from "../../shared/inventory/slots.ts";
import { rangeKey, slotKey } from "../../shared/inventory/table.ts";
import { drawTickets } from "../../shared/inventory/tickets.ts";
import { NEVER } from "../../shared/kernel/clock.ts";
import { newId, sha256 } from "../../shared/kernel/ids.ts";
import { type Domain, domain } from "../support/engine/domain.ts";
import type { OwnTables } from "../support/engine/own-tables.ts";
import { makeCodes } from "../support/orders/shop.ts";
import { valueOf } from "../support/value-of.ts";
import { Meter } from "./meter.ts";
import { type Figures, figure } from "./report.ts";

const CLAIMS = 2_000;
const STORM = { claimers: 60, codes: 60 };
const IMPORTED = 2_000;
const BUYER = { channelId: "chan_bench" };
const price = { amount: 1500, currency: "CNY" };

/** Our claim path and imports beside the raw SDK making the same calls, and beside the usual way to claim a code. */
export async function compared(own: OwnTables): Promise<Figures> {
  return { ...(await claimsToSdk(own)), ...(await usualClaims(own)), ...(await growth(own)), ...(await imports(own)) };
}

async function stocked(deps: Domain, codes: number): Promise<string> {
  const { id } = valueOf(await createProduct(deps, { kind: "code", name: "Bench code", price }, newId("req")));
  const batchId = newId("batch");
  const into = { productId: id, batchId, part: "", dryRun: false, isDone: false };
  const put = await putCodes(deps, into, linesOf(codes), true);
  if (put === "stopped") throw new Error("nothing stops these");
  const { slabs } = put;
  await openForSale(deps, { batchId, productId: id, slabs });
  return id;
}

const linesOf = (count: number) =>
  makeCodes(count).map((secret, line) => ({ line, number: undefined, secret, expiresAt: NEVER }));

/** The same two writes, once by our code and once by the bare client, in turns so that both meet the same engine. */
async function claimsToSdk({ stack }: OwnTables): Promise<Figures> {
  const meter = new Meter();
  // Both clients are made alike, and each does its calls over connections of its own.
  const [deps, bare] = [domain(meter as never, { stack }), domain(undefined, { stack })];
  const [product, theirs] = [await stocked(deps, CLAIMS + 1), await stocked(deps, CLAIMS + 1)];
  const id = await firstRange(deps, theirs);
  const raw = async (): Promise<void> => {
    const TableName = deps.tables.inventory;
    const head = await bare.db.send(
      new UpdateCommand({
        TableName,
        Key: rangeKey(id),
        UpdateExpression: "SET head = head + :one, #left = #left - :one",
        ConditionExpression: "#left >= :one AND #state = :open",
        ExpressionAttributeNames: { "#left": "left", "#state": "state" },
        ExpressionAttributeValues: { ":one": 1, ":open": "open" },
        ReturnValues: "ALL_OLD",
      }),
    );
    await bare.db.send(
      new UpdateCommand({
        TableName,
        Key: slotKey(`${id}:${String(head.Attributes?.["head"])}`),
        UpdateExpression: "SET #state = :sold, orderId = :order, soldAt = :now",
        ConditionExpression: "#state = :available",
        ExpressionAttributeNames: { "#state": "state" },
        ExpressionAttributeValues: {
          ":sold": "sold",
          ":order": newId("ord"),
          ":now": new Date().toISOString(),
          ":available": "available",
        },
        ReturnValues: "ALL_NEW",
      }),
    );
  };
  const claim = async (): Promise<void> => {
    const draw = { productId: product, quantity: 1, buyer: BUYER, seed: 0 };
    const [ticket = ""] = await drawTickets(deps, draw, new Date());
    await sellSlot(deps, ticket, newId("ord"), new Date());
  };
  await claim();
  await raw();
  meter.take();
  const ratios: number[] = [];
  let ours = 0;
  for (let pair = 0; pair < CLAIMS; pair++) {
    // Who goes first changes with each pair, so that neither always meets what the other has left behind.
    const [a, b] = pair % 2 === 0 ? [claim, raw] : [raw, claim];
    const [first, second] = [await millis(a), await millis(b)];
    const [mine, its] = pair % 2 === 0 ? [first, second] : [second, first];
    ratios.push(mine / its);
    ours += mine;
  }
  const calls = meter.take();
  const { ratio, low, high } = intervalOf(ratios);
  return {
    "claim.ratio_to_sdk": figure(ratio, "times as long as the bare client's same calls, in turns, of 2,000 pairs"),
    "claim.ratio_to_sdk_low": figure(low, "lower end of its 95 % interval", 3),
    "claim.ratio_to_sdk_high": figure(high, "upper end of its 95 % interval", 3),
    "claim.calls": figure(calls.length / CLAIMS, "calls of one claim", 3),
    "claim.failed": figure(
      calls.filter(({ error }) => error !== undefined).length,
      "failed conditions in all of them",
      0,
    ),
    "claim.per_second": figure((CLAIMS * 1000) / ours, "claims a second, one after the other, on this machine", 0),
  };
}

async function millis(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The mean ratio of pairs and its 95 % interval, of their logarithms: a pause that hits one claim of two thousand moves it little. */
function intervalOf(ratios: readonly number[]): { ratio: number; low: number; high: number } {
  const logs = ratios.map(Math.log);
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (logs.length - 1);
  const half = 1.96 * Math.sqrt(variance / logs.length);
  return { ratio: Math.exp(mean), low: Math.exp(mean - half), high: Math.exp(mean + half) };
}

async function firstRange(deps: Domain, productId: string): Promise<string> {
  for await (const { id } of allRanges(deps, productId)) return id;
  throw new Error("nothing is in stock");
}

/** What most shops do: look for a free code, then claim it on condition that it still is free; if not, look again. */
async function usualClaims({ stack }: OwnTables): Promise<Figures> {
  const meter = new Meter();
  const deps = domain(meter as never, { stack });
  const TableName = deps.tables.inventory;
  const pk = `usual#${newId("prod")}`;
  const codes: Item[] = Array.from({ length: STORM.codes }, (_, index) => ({
    pk,
    sk: String(index).padStart(6, "0"),
    state: "available",
  }));
  for (let at = 0; at < codes.length; at += 25) {
    const puts = codes.slice(at, at + 25).map((item) => ({ PutRequest: { Item: item } }));
    await deps.db.send(new BatchWriteCommand({ RequestItems: { [TableName]: puts } }));
  }
  meter.take();
  const claim = async (): Promise<void> => {
    for (;;) {
      const found = await deps.db.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: "pk = :pk",
          FilterExpression: "#state = :available",
          ExpressionAttributeNames: { "#state": "state" },
          ExpressionAttributeValues: { ":pk": pk, ":available": "available" },
          ConsistentRead: true,
        }),
      );
      const [free] = found.Items ?? [];
      if (free === undefined) return;
      const sold = await deps.db
        .send(
          new UpdateCommand({
            TableName,
            Key: { pk, sk: free["sk"] },
            UpdateExpression: "SET #state = :sold",
            ConditionExpression: "#state = :available",
            ExpressionAttributeNames: { "#state": "state" },
            ExpressionAttributeValues: { ":sold": "sold", ":available": "available" },
          }),
        )
        .then(() => true)
        .catch(() => false);
      if (sold) return;
    }
  };
  await Promise.all(Array.from({ length: STORM.claimers }, claim));
  const calls = meter.take();
  const failed = calls.filter(({ error }) => error !== undefined).length;
  const units = (kind: "wcu" | "rcu"): number => calls.reduce((sum, { usage }) => sum + (usage[kind] ?? 0), 0);
  return {
    "usual.calls_per_sold": figure(calls.length / STORM.codes, "calls per code sold by query, then claim"),
    "usual.failed_per_sold": figure(failed / STORM.codes, "failed conditions per code sold so"),
    "usual.wcu_per_sold": figure(units("wcu") / STORM.codes, "write units per code sold so"),
    "usual.rcu_per_sold": figure(units("rcu") / STORM.codes, "read units per code sold so"),
  };
}

/** Stock of a million codes, as an upload leaves it: 200 ranges of 5,000. Only what is sold here has its codes. */
async function growth({ stack }: OwnTables): Promise<Figures> {
  const meter = new Meter();
  const deps = domain(meter as never, { stack });
  const callsFor = async (ranges: number): Promise<number> => {
    const productId = await stocked(deps, 100);
    const batchId = newId("batch");
    const slab = (number: number): string => sha256(`${batchId} ${number}`).slice(0, 16);
    const more = Array.from({ length: ranges - 1 }, (_, number) => ({
      slab: slab(number),
      count: 5_000,
      expiresAt: NEVER,
    }));
    await openForSale(deps, { batchId, productId, slabs: more });
    const draw = { productId, quantity: 1, buyer: BUYER, seed: 0 };
    await drawTickets(deps, draw, new Date());
    meter.take();
    for (let sale = 0; sale < 50; sale++) await drawTickets(deps, draw, new Date());
    return meter.take().length / 50;
  };
  const [small, large] = [await callsFor(1), await callsFor(200)];
  return { "growth.calls_ratio": figure(large / small, "times the calls of a draw, a million codes to a hundred") };
}

/** The same items, once by our import and once by bare transactions of as many. */
async function imports({ stack }: OwnTables): Promise<Figures> {
  const deps = domain(undefined, { stack });
  const { id } = valueOf(await createProduct(deps, { kind: "code", name: "Bench code", price }, newId("req")));
  const transactions: object[][] = [];
  const noting = Object.assign(Object.create(deps.db) as Domain["db"], {
    send: (command: { input: { TransactItems?: object[] } }, ...rest: unknown[]) => {
      if (command.input.TransactItems !== undefined) transactions.push(command.input.TransactItems);
      return (deps.db.send as (...args: unknown[]) => unknown).call(deps.db, command, ...rest);
    },
  });
  const into = { productId: id, batchId: newId("batch"), part: "", dryRun: false, isDone: false };
  const started = performance.now();
  await putCodes({ ...deps, db: noting }, into, linesOf(IMPORTED), true);
  const ours = performance.now() - started;
  const moved = transactions.map((items) =>
    items.map((item) => {
      const { Put } = item as { Put: { Item: Item } };
      return { Put: { ...Put, Item: { ...Put.Item, pk: `raw#${String(Put.Item["pk"])}` } } };
    }),
  );
  const rawStarted = performance.now();
  for (const TransactItems of moved)
    await deps.db.send(new TransactWriteCommand({ TransactItems: TransactItems as never }));
  const raw = performance.now() - rawStarted;
  return {
    "import.ratio_to_sdk": figure(raw / ours, "of the speed of bare transactions of the same items"),
    "import.codes_per_second": figure((IMPORTED * 1000) / ours, "codes imported a second, on this machine", 0),
  };
}
