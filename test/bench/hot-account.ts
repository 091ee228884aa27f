import { createProduct } from "../../shared/catalog/products.ts";
import { setDirectory } from "../../shared/inventory/directory.ts";
import { importCodes } from "../../shared/inventory/import.ts";
import { TOTAL } from "../../shared/inventory/model.ts";
import { newId } from "../../shared/kernel/ids.ts";
import { setLanes } from "../../shared/ledger/accounts.ts";
import type { Order } from "../../shared/orders/model.ts";
import { settleOrders } from "../../shared/orders/settle-orders.ts";
import type { OwnTables } from "../support/engine/own-tables.ts";
import { giveMoney } from "../support/orders/market.ts";
import { makeCodes } from "../support/orders/shop.ts";
import { valueOf } from "../support/value-of.ts";
import { Recorder, type Write } from "./recorder.ts";
import { type Figures, figure } from "./report.ts";
import { sellOne } from "./sell-one.ts";

/** The published limits: write units a second of one partition key of a table or an index, and bytes of an item. */
const UNITS_PER_SECOND = 1_000;
const ITEM_BYTES = 400 * 1024;
const UNIT_BYTES = 1024;

/** The stream brings a hundred records at a time, two for each sale, and collects for a second; its reader takes some time too. */
const ORDERS_PER_BATCH = 50;
const BOOKED_AFTER_SECONDS = 1.25;

/** Long enough for what waits to be booked to be as much as it will be; then so long it is measured. */
const WARM_UP_SECONDS = 3;
const MEASURED_SECONDS = 3;

/** What a sale wrote, and what the booking of a batch of them did. */
type Trace = { sales: readonly (readonly Write[])[]; bookings: readonly (readonly Write[])[] };

type Shop = { accountLanes: number; stockLanes: number };

/**
 * How many sales a second of one channel fit the limits, account and stock in one lane each, and in several. Every key that a sale
 * writes is taken from the requests of real sales; their times are made up, so that as many as may be fall into a second.
 */
export async function hotAccount(own: OwnTables, sales: number): Promise<Figures> {
  const before = await record(own, { accountLanes: 1, stockLanes: 1 }, sales);
  const after = await record(own, { accountLanes: 32, stockLanes: 4 }, sales);
  return {
    ...figuresOf("one_lane", before),
    ...figuresOf("lanes", after),
    "hot_account.keys_per_sale": figure(
      after.sales.flat().length / after.sales.length,
      "writes of tables and indexes for each sale, booking apart",
      1,
    ),
  };
}

function figuresOf(name: string, trace: Trace): Figures {
  const ceiling = ceilingOf(trace);
  const fullest = fullestAt(trace, ceiling + 1);
  return {
    [`hot_account.${name}.sales_per_second`]: figure(ceiling, `sales a second of one channel; then ${fullest.why}`, 0),
    [`hot_account.${name}.largest_item_kb`]: figure(
      (fullestAt(trace, ceiling).largestItem ?? 0) / 1024,
      "KB of the heaviest item at that rate",
      1,
    ),
  };
}

/** Sells so many codes one after the other, and books them in batches, on tables that nobody else works on. */
async function record(own: OwnTables, { accountLanes, stockLanes }: Shop, count: number): Promise<Trace> {
  const recorder = await new Recorder(own).open();
  const { deps } = recorder;
  const price = { amount: 1500, currency: "CNY" };
  const { id: productId } = valueOf(await createProduct(deps, { kind: "code", name: "Hot", price }, newId("req")));
  await setDirectory(deps, productId, TOTAL, { lanes: stockLanes });
  valueOf(await importCodes(deps, productId, ["secret", ...makeCodes(count * 2)].join("\n"), { dryRun: false }));
  const channelId = newId("chan");
  if (accountLanes > 1) valueOf(await setLanes(deps, { channelId, currency: "CNY" }, accountLanes));
  await giveMoney(deps, channelId, 1500 * count * 10);

  const sales: (readonly Write[])[] = [];
  const bookings: (readonly Write[])[] = [];
  let waiting: Order[] = [];
  recorder.take();
  for (let sale = 0; sale < count; sale++) {
    waiting.push(await sellOne(deps, { channelId, keyId: "key_bench" }, productId));
    sales.push(recorder.take());
    if (waiting.length < ORDERS_PER_BATCH) continue;
    await settleOrders(deps, waiting);
    bookings.push(recorder.take());
    waiting = [];
  }
  return { sales, bookings };
}

/** The largest rate at which no key and no item meets its limit. */
function ceilingOf(trace: Trace): number {
  let [fits, tooMany] = [1, 20_000];
  while (tooMany - fits > 1) {
    const rate = Math.floor((fits + tooMany) / 2);
    if (fullestAt(trace, rate).isOver) tooMany = rate;
    else fits = rate;
  }
  return fits;
}

type Fullest = { isOver: boolean; why: string; largestItem: number };

/** Plays the recorded writes at this rate, over and over, and says which key or item is nearest to its limit. */
function fullestAt(trace: Trace, rate: number): Fullest {
  const isLasting = lastingItems(trace);
  const sizes = new Map<string, number>();
  const units = new Map<string, number>();
  let largest = { item: "", bytes: 0 };
  const seconds = WARM_UP_SECONDS + MEASURED_SECONDS;
  for (const { time, write, cycle } of played(trace, rate, seconds)) {
    // What a sale alone has written is written by its like under another name, when the recording begins anew.
    const [item, at] = isLasting(write.item)
      ? [write.item, write.at]
      : [`${write.item}~${cycle}`, isLasting(write.at) ? write.at : `${write.at}~${cycle}`];
    const before = sizes.get(item) ?? write.before;
    const after = Math.max(0, before + write.grows);
    sizes.set(item, after);
    if (after > largest.bytes) largest = { item, bytes: after };
    if (time < WARM_UP_SECONDS || time >= seconds) continue;
    const second = `${at} ${Math.floor(time)}`;
    const costs = write.times * Math.max(1, Math.ceil(Math.max(before, after) / UNIT_BYTES));
    units.set(second, (units.get(second) ?? 0) + costs);
  }
  const [key, most] = [...units].reduce((a, b) => (b[1] > a[1] ? b : a), ["", 0] as [string, number]);
  const isOver = most > UNITS_PER_SECOND || largest.bytes > ITEM_BYTES;
  const kind = largest.bytes > ITEM_BYTES ? largest.item : key;
  return { isOver, why: `${kindOf(kind)} takes ${most} units`, largestItem: largest.bytes };
}

type Played = { time: number; write: Write; cycle: number };

function played({ sales, bookings }: Trace, rate: number, seconds: number): Played[] {
  const events: Played[] = [];
  for (let number = 0; number < rate * seconds; number++) {
    const [cycle, at] = [Math.floor(number / sales.length), number % sales.length];
    const time = number / rate;
    for (const write of sales[at] ?? []) events.push({ time, write, cycle });
    if ((at + 1) % ORDERS_PER_BATCH > 0) continue;
    for (const write of bookings[Math.floor(at / ORDERS_PER_BATCH)] ?? [])
      events.push({ time: time + BOOKED_AFTER_SECONDS, write, cycle });
  }
  return events.sort((a, b) => a.time - b.time);
}

/** What is written again and again, from the begin of the recording to its end; the rest is a sale's own, or that of some neighbours. */
function lastingItems({ sales, bookings }: Trace): (name: string) => boolean {
  const spans = new Map<string, { first: number; last: number }>();
  const note = (writes: readonly Write[], at: number): void => {
    for (const name of writes.flatMap(({ at: key, item }) => [key, item])) {
      const { first, last } = spans.get(name) ?? { first: at, last: at };
      spans.set(name, { first: Math.min(first, at), last: Math.max(last, at) });
    }
  };
  sales.forEach(note);
  bookings.forEach((writes, batch) => note(writes, batch * ORDERS_PER_BATCH));
  return (name) => {
    const span = spans.get(name);
    return span !== undefined && span.last - span.first > sales.length / 2;
  };
}

/** The table or index, and the kind of key, without ids. */
function kindOf(key: string): string {
  const [table = "", pk = ""] = key.split(" ");
  return `${table.replace(/^.*-(orders|inventory|ledger|identity|catalog|operations|audit)-?[\w]*/, "$1")} ${pk.split("#")[0] ?? ""}`;
}
