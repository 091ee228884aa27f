import { DeleteCommand, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import type { Item, Key } from "../../../shared/aws/dynamo.ts";
import { listBatches } from "../../../shared/inventory/batches.ts";
import { wrongTotals } from "../../../shared/inventory/differences.ts";
import { readDirectory } from "../../../shared/inventory/directory.ts";
import { giveBack } from "../../../shared/inventory/give-back.ts";
import { type Range, returnsOf, TOTAL, ticketFor } from "../../../shared/inventory/model.ts";
import { setPool } from "../../../shared/inventory/pools.ts";
import { readRange } from "../../../shared/inventory/ranges.ts";
import {
  catalogueKey,
  directoryKey,
  listedItem,
  rangeItem,
  rangeKey,
  slotKey,
} from "../../../shared/inventory/table.ts";
import { verifyStock } from "../../../shared/inventory/verify.ts";
import { draw, openMarket } from "../../support/orders/market.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// Each kind of damage, done by hand, has a name in what `stock verify` says.

const { deps } = await sceneGround();

/** Five codes in one range, the first of them drawn. */
type Stage = { productId: string; range: Range; pool: string };

async function stage(): Promise<Stage> {
  const { productId } = await openMarket(deps, { stock: 5, money: 0 });
  const { pool } = await setPool(deps, productId, { kind: "campaign", subject: "spring" }, "stop");
  await draw(deps, productId, 1, new Date());
  const { ranges } = await readDirectory(deps, productId);
  const range = await readRange(deps, ranges[0]?.id ?? "");
  if (range === undefined) throw new Error("no range");
  return { productId, range, pool };
}

const tableOf = () => deps.tables.inventory;
const put = (item: Item) => deps.db.send(new PutCommand({ TableName: tableOf(), Item: item }));
const remove = (key: Key) => deps.db.send(new DeleteCommand({ TableName: tableOf(), Key: key }));
async function change(key: Key, to: Item): Promise<void> {
  const { Item: item } = await deps.db.send(new GetCommand({ TableName: tableOf(), Key: key }));
  if (item === undefined) throw new Error(`nothing at ${key.pk}`);
  await put({ ...item, ...to });
}
const slotAt = ({ range }: Stage, number: number): Key => slotKey(ticketFor(range.slab, number));
const list = ({ productId }: Stage, pool: string, ranges: Item[]) => change(directoryKey(productId, pool), { ranges });
const entry = ({ range: { id, expiresAt } }: Stage): Item => ({ id, expiresAt });

async function verdict({ productId }: Stage): Promise<string[]> {
  const [verified, { batches }] = await Promise.all([
    verifyStock(deps, productId, new Date()),
    listBatches(deps, productId, undefined),
  ]);
  const all = [...verified.differences, ...wrongTotals(verified.codes, batches)];
  return [...new Set(all.map(({ is }) => is))].sort();
}

const kinds: [string, string[], (of: Stage) => Promise<unknown>][] = [
  ["nothing", [], async () => undefined],
  ["a counter that is off", ["miscounted"], ({ range }) => change(rangeKey(range.id), { left: 3 })],
  [
    "a mark that is ahead of the next",
    ["miscounted", "stranded"],
    ({ range }) => change(rangeKey(range.id), { start: 2 }),
  ],
  ["a slot that is gone", ["empty", "missing"], (of) => remove(slotAt(of, 3))],
  ["a code sold and for sale", ["sold_ahead"], (of) => change(slotAt(of, 3), { state: "sold", orderId: "ord_x" })],
  [
    "a code held long ago and for sale",
    ["sold_ahead"],
    (of) => change(slotAt(of, 3), { state: "held", orderId: "ord_x", until: "2020-01-01T00:00:00.000Z" }),
  ],
  [
    "a hold that nobody ended",
    ["overdue"],
    (of) => change(slotAt(of, 0), { state: "held", orderId: "ord_x", until: "2020-01-01T00:00:00.000Z" }),
  ],
  ["a code left behind by the sweeper", ["stranded"], ({ range }) => change(rangeKey(range.id), { start: 1 })],
  ["a range in no list", ["unlisted"], (of) => list(of, TOTAL, [])],
  [
    "a drawn code in no list",
    ["unlisted"],
    async (of) => {
      await draw(deps, of.productId, 4, new Date());
      await list(of, TOTAL, []);
    },
  ],
  [
    "a frozen range in no list",
    ["unlisted"],
    async (of) => {
      await change(rangeKey(of.range.id), { state: "frozen" });
      await list(of, TOTAL, []);
    },
  ],
  [
    "returns in no list",
    ["unlisted"],
    async (of) => {
      await giveBack(deps, ticketFor(of.range.slab, 0), "anyone");
      await list(of, TOTAL, [entry(of)]);
    },
  ],
  ["a range in another pool's list too", ["dangling"], (of) => list(of, of.pool, [entry(of)])],
  ["a range listed twice", ["dangling"], (of) => list(of, TOTAL, [entry(of), entry(of)])],
  [
    "a list that names nothing",
    ["dangling"],
    (of) => list(of, TOTAL, [entry(of), { id: "0000000000000000", expiresAt: of.range.expiresAt }]),
  ],
  ["a range that is gone", ["dangling", "lost", "missing"], ({ range }) => remove(rangeKey(range.id))],
  [
    "a range that no count finds",
    ["missing", "uncatalogued"],
    ({ productId, range }) => remove(catalogueKey(productId, range.id)),
  ],
  [
    "a code that lies in two ranges",
    ["surplus", "unlisted"],
    async ({ range }) => {
      const twin: Range = { ...range, id: `${range.slab}.3`, first: 3, start: 3, head: 3, tail: 5, left: 2 };
      await put({ ...rangeItem(twin), ...rangeKey(twin.id) });
      await put(listedItem(twin));
    },
  ],
  [
    "returns that would be given out twice",
    ["miscounted", "missing"],
    async (of) => {
      await giveBack(deps, ticketFor(of.range.slab, 0), "anyone");
      await change(rangeKey(returnsOf(of.range.slab, TOTAL)), { next: 0, tail: 1, left: 1 });
    },
  ],
];

test.each(kinds)("%s is named", async (_what, named, happens) => {
  const of = await stage();
  await happens(of);
  expect(await verdict(of)).toEqual(named);
});
