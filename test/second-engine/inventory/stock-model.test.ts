import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { fakeBucket, fakeBus, fakeKms, fakeQueues } from "../../support/engine/fake-aws.ts";
import { domainOn } from "../../support/engine/on-second-engine.ts";
import { startSecondEngine } from "../../support/engine/second-engine.ts";
import {
  close,
  cutLanes,
  freezePool,
  generate,
  importFile,
  move,
  sweep,
  voidOne,
} from "../../support/inventory/operator-commands.ts";
import { StockModel } from "../../support/inventory/stock-model.ts";
import { type Command, look, oneAtATime, openShop, type Shop } from "../../support/inventory/stock-shop.ts";
import { cancel, expire, pay, reveal, type Sale, sell } from "../../support/orders/buyer-commands.ts";
import { violations } from "../../support/orders/invariants.ts";
import { settleMoney } from "../../support/orders/market.ts";
import { isFullProof, sized } from "../../support/size.ts";

// Any sequence of what buyers and operators do with stock, held against a model after every step: where each code is, what is
// counted, and that slots and counters agree. A failure prints its seed, its path and, with the commands, what it calls its
// replay path: `SEED=… FAILURE=… REPLAY=…` plays it again, call by call.

const { SEED: seed, FAILURE: path, REPLAY: replayPath } = process.env;

beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterAll(() => {
  vi.useRealTimers();
});

const at = fc.nat({ max: 40 });
const sale: fc.Arbitrary<Sale> = fc.record({
  quantity: fc.integer({ min: 1, max: 6 }),
  fromCampaign: fc.boolean(),
  how: fc.constantFrom("inline", "cart", "large", "deferred"),
});
const file = fc.tuple(fc.constantFrom(0, 4, 8, 12, 16), fc.constantFrom(5, 8), fc.constantFrom(false, false, true));

/** What most can go wrong with comes up more often. */
const commands: fc.Arbitrary<Command>[] = [
  sale.map(sell),
  sale.map(sell),
  sale.map(sell),
  file.map((args) => importFile(...args)),
  file.map((args) => importFile(...args)),
  at.map(cancel),
  at.map(cancel),
  at.map(pay),
  fc.constant(expire()),
  at.map(reveal),
  fc.tuple(fc.constantFrom("a", "b"), fc.integer({ min: 1, max: 4 })).map((args) => generate(...args)),
  fc.constant(sweep()),
  fc.constant(sweep()),
  fc.tuple(fc.boolean(), fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined })).map((args) => move(...args)),
  fc.tuple(at, fc.constantFrom("frozen", "open", "open", "void")).map((args) => close(...args)),
  fc.nat({ max: 22 }).map(voidOne),
  fc.tuple(fc.boolean(), fc.boolean()).map((args) => freezePool(...args)),
  fc.integer({ min: 1, max: 4 }).map(cutLanes),
];

/** Keys are made once: what a process remembers of them is the same for all tables. */
const kms = fakeKms();

/** Plays the commands in tables of their own; gives each place that the codes came to. */
async function play(sequence: Iterable<Command>): Promise<string[]> {
  const engine = await startSecondEngine();
  try {
    const domain = domainOn(engine, { kms });
    const queue = { sqs: fakeQueues().sqs, importQueueUrl: "imports" };
    const bus = { events: fakeBus().events, eventBusName: "bus" };
    const bucket = { s3: fakeBucket().s3, uploadBucket: "uploads" };
    const deps = { ...domain, db: oneAtATime(domain.db), ...queue, ...bus, ...bucket };
    const shop = await openShop(deps);
    const model = new StockModel();
    for (const first of [importFile(0, 8, false), importFile(8, 8, false)]) await first.run(model, shop);
    await fc.asyncModelRun(() => ({ model, real: shop }), sequence);
    await expectClosed(model, shop);
    return [...(await look(shop)).values()].map((code) => JSON.stringify(code)).toSorted();
  } finally {
    await engine.stop();
  }
}

/** When the shop closes, each buyer sees codes of its own, and stock, orders and money add up. */
async function expectClosed(model: StockModel, shop: Shop): Promise<void> {
  for (const last of [expire(), sweep()]) await last.run(model, shop);
  for (let order = 0; order < model.orders.size; order++) await reveal(order).run(model, shop);
  expect(shop.shown.size).toBe(model.count(({ where }) => where === "sold"));
  const { deps, productId, channelId } = shop;
  const orders = [...model.orders.keys()];
  await settleMoney(deps, ...orders);
  expect(await violations(deps, { products: [productId], channels: [channelId], orders })).toEqual([]);
}

const sequences = () =>
  fc.commands(commands, { maxCommands: 40, size: "max", ...(replayPath === undefined ? {} : { replayPath }) });

test("stock is where a model says it is, after any sequence of what buyers and operators do", async () => {
  const property = fc.asyncProperty(sequences(), async (sequence) => {
    await play(sequence);
  });
  const checked = fc.assert(property, {
    numRuns: sized("stockModelRuns"),
    endOnFailure: !isFullProof,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(path === undefined ? {} : { path }),
  });
  await expect(checked).resolves.toBeUndefined();
});

test("the same commands take the same codes to the same places, so that a failure can be played again", async () => {
  const once = fc.sample(sequences(), { seed: 7, numRuns: 1 });
  const again = fc.sample(sequences(), { seed: 7, numRuns: 1 });
  const places = await play(once[0] ?? []);
  expect(places.length).toBeGreaterThan(20);
  expect(await play(again[0] ?? [])).toEqual(places);
});
