import { afterAll, beforeAll, expect, test } from "vitest";
import { fakeKms } from "../../support/engine/fake-aws.ts";
import { domainOn } from "../../support/engine/on-second-engine.ts";
import { proofEngine } from "../../support/engine/proof-engine.ts";
import type { SecondEngine } from "../../support/engine/second-engine.ts";
import { FAULTS, type Fault, type FaultProxy, startFaultProxy } from "../../support/faults/fault-proxy.ts";
import { impatient, isBadLuck } from "../../support/faults/unlucky.ts";
import { BusyShop } from "../../support/orders/busy-shop.ts";
import { seeded } from "../../support/random.ts";
import { sized } from "../../support/size.ts";

// Several helpers at once, on a network that throttles, fails, conflicts, delays, cuts off, and loses the answers to what it
// has done. Whatever they were doing: afterwards nothing is lost, doubled or stranded, and no cent is astray.

const HELPERS = 5;
const TURNS = 14;
const SEEDS = sized("badNetworkSeeds");
const FIRST_SEED = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

let engine: SecondEngine;
beforeAll(async () => {
  engine = await proofEngine();
});
afterAll(() => engine.stop());

/** Plays one seed to its end. Returns what is wrong then, and how many acts gave up. */
async function play(seed: number, rate: number, proxy: FaultProxy): Promise<{ wrong: string[]; badLuck: number }> {
  const shop = new BusyShop(`${seed}x${rate * 100}`);
  const kms = fakeKms();
  const calm = domainOn(engine, { clock: shop.clock, kms });
  await shop.open(calm);

  let badLuck = 0;
  proxy.setRate(rate);
  const helpers = Array.from({ length: HELPERS }, async (_, number) => {
    const endpoint = proxy.endpointFor(`${shop.channelId}-${number}`);
    const deps = domainOn(engine, { endpoint, clock: shop.clock, kms, dynamo: { retryStrategy: impatient } });
    const random = seeded(seed, `helper ${number}`);
    for (let turn = 0; turn < TURNS; turn++) {
      try {
        await shop.act(deps, random);
      } catch (error) {
        if (!isBadLuck(error)) shop.wrong.push(error instanceof Error ? `${error.stack}` : String(error));
        badLuck += 1;
      }
    }
  });
  await Promise.all(helpers);

  proxy.setRate(0);
  await shop.finish(calm);
  return { wrong: await shop.audit(calm), badLuck };
}

const happened = new Map<Fault, number>(FAULTS.map((fault) => [fault, 0]));

test.for([0.03, 0.12, 0.35])(
  "a network that breaks %d of all calls loses, doubles and strands nothing",
  async (rate) => {
    const proxy = await startFaultProxy(engine.endpoint, FIRST_SEED);
    let badLuck = 0;
    try {
      for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
        const played = await play(seed, rate, proxy);
        expect(played.wrong, `SEED=${seed}`).toEqual([]);
        badLuck += played.badLuck;
      }
    } finally {
      await proxy.stop();
    }
    for (const fault of FAULTS) happened.set(fault, (happened.get(fault) ?? 0) + proxy.happened[fault]);
    const faults = FAULTS.map((fault) => `${proxy.happened[fault]} ${fault}`).join(", ");
    const seeds = `seeds ${FIRST_SEED} to ${FIRST_SEED + SEEDS - 1}`;
    process.stdout.write(`bad network ${rate}: ${seeds}, ${proxy.calls()} calls, ${faults}; ${badLuck} acts gave up\n`);
  },
);

test("each kind of fault was among them", () => {
  expect([...happened].filter(([, times]) => times < 5)).toEqual([]);
});
