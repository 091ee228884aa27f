import { afterAll, beforeAll, expect, test } from "vitest";
import { askSupplier } from "../../../shared/fulfilment/ask-supplier.ts";
import { placeLine } from "../../../shared/fulfilment/place-line.ts";
import { planOrder } from "../../../shared/fulfilment/step.ts";
import { decide } from "../../../shared/review/decide.ts";
import { type Everything, everythingOn } from "../../support/engine/on-second-engine.ts";
import { FAULTS, type FaultProxy, startFaultProxy } from "../../support/faults/fault-proxy.ts";
import { impatient, isBadLuck } from "../../support/faults/unlucky.ts";
import { stockedProduct } from "../../support/orders/market.ts";
import { type Random, seeded } from "../../support/random.ts";
import { anna, ben, fromStock, ReviewGround, refund, retry } from "../../support/review/review-ground.ts";
import { sized } from "../../support/size.ts";

// Operators, workflow and questions at once on one order in review, on a network that fails, and loses the answers to what
// it has done. Afterwards the buyer has goods or money, never both, whatever the seed.

const HELPERS = 4;
const TURNS = 6;
const ORDERS = sized("badNetworkReviews");
const RATE = 0.15;
const FIRST_SEED = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

let ground: ReviewGround;
let proxy: FaultProxy;
beforeAll(async () => {
  ground = await ReviewGround.open();
  proxy = await startFaultProxy(ground.engine.endpoint, FIRST_SEED);
});
afterAll(async () => {
  await proxy.stop();
  await ground.close();
});

/** Something that somebody does next about the order. Refusals are answers. */
async function act(deps: Everything["deps"], orderId: string, productId: string, random: Random): Promise<void> {
  const by = random.next() < 0.5 ? anna : ben;
  const acts: (() => Promise<unknown>)[] = [
    () => decide(deps, orderId, refund, by),
    () => decide(deps, orderId, fromStock(productId), by),
    () => decide(deps, orderId, retry, by),
    () => planOrder(deps, orderId),
    () => placeLine(deps, orderId),
    () => askSupplier(deps, orderId),
  ];
  await acts[random.below(acts.length)]?.();
}

test(`a network that breaks ${RATE} of all calls: decided many times, carried out once`, async () => {
  const ends = new Map<string, number>();
  for (let seed = FIRST_SEED; seed < FIRST_SEED + ORDERS; seed++) {
    const seen = await ground.inReview(seed % 3 === 0 ? "errorButDone" : "refused");
    const productId = await stockedProduct(ground.deps, 12);
    proxy.setRate(RATE);
    const wrong: string[] = [];
    const helpers = Array.from({ length: HELPERS }, async (_, number) => {
      const dynamo = { retryStrategy: impatient };
      const { db } = everythingOn(ground.engine, { endpoint: proxy.endpointFor(`${seed}-${number}`), dynamo }).deps;
      const random = seeded(seed, `helper ${number}`);
      for (let turn = 0; turn < TURNS; turn++)
        await act({ ...ground.deps, db }, seen.orderId, productId, random).catch((error: unknown) => {
          const isLuck = isBadLuck(error) || (error instanceof Error && error.name === "SupplierUnavailable");
          if (!isLuck) wrong.push(error instanceof Error ? `${error.stack}` : String(error));
        });
    });
    await Promise.all(helpers);
    proxy.setRate(0);
    expect(wrong, `SEED=${seed}`).toEqual([]);

    await finish(seen.orderId);
    const { state, refunded, lines } = await seen.order();
    const delivered = ground.simulator.orders().filter(({ reference }) => reference.startsWith(seen.orderId));
    const deliveries = delivered.reduce((sum, one) => sum + one.deliveries, 0);
    const has = { goods: lines[1]?.state === "fulfilled", money: refunded > 0 };
    expect(has.goods, `SEED=${seed}: ${state}`).toBe(!has.money);
    // What the supplier delivered is what the buyer has, unless an operator chose something else before.
    expect(deliveries, `SEED=${seed}: ${state}`).toBe(lines[1]?.kind === "topup" && has.goods ? 1 : 0);
    expect(await ground.wrongWith(seen, productId)).toEqual([]);
    ends.set(state, (ends.get(state) ?? 0) + 1);
  }
  const faults = FAULTS.map((fault) => `${proxy.happened[fault]} ${fault}`).join(", ");
  const summary = [...ends].map(([state, times]) => `${times} ${state}`).join(", ");
  process.stdout.write(`reviews on a bad network: seeds from ${FIRST_SEED}, ${summary}; ${faults}\n`);
});

/**
 * Whoever comes by, each some seconds later, for a sick supplier is left alone for a while: the workflow until it waits for
 * a person, who then gives the money back.
 */
async function finish(orderId: string): Promise<void> {
  for (let turn = 0; turn < 60; turn++) {
    const deps = { ...ground.deps, clock: () => new Date(Date.now() + turn * 10_000) };
    const step = await planOrder(deps, orderId);
    if (step.step === "done") return;
    if (step.step === "place") await placeLine(deps, orderId);
    else if (step.step === "ask") await askSupplier(deps, orderId);
    else if (step.step === "await_decision") await decide(deps, orderId, refund, anna);
  }
  throw new Error(`${orderId} does not end`);
}
