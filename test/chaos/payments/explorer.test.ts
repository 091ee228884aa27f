import { expect, test, vi } from "vitest";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { PaymentNotKnown } from "../../../shared/orders/payment-not-known.ts";
import { setProvider } from "../../../shared/payments/set-provider.ts";
import { fakeKms } from "../../support/engine/fake-aws.ts";
import { everythingOn } from "../../support/engine/on-second-engine.ts";
import { type Explored, exploration, playSeeds } from "../../support/faults/exploration.ts";
import { Interleaving } from "../../support/faults/interleaving.ts";
import { isBadLuck } from "../../support/faults/unlucky.ts";
import { makeCodes } from "../../support/inventory/codes.ts";
import { ExploredCheckout } from "../../support/payments/explored-checkout.ts";
import { ExploredProvider } from "../../support/payments/explored-provider.ts";
import { seeded } from "../../support/random.ts";
import { isFullProof } from "../../support/size.ts";
import { valueOf } from "../../support/value-of.ts";

// Buyers who pay once, twice, late, too much, or never; several payments of one order; cancellations, expiries and a provider that
// breaks off and is down: in any order, call by call, with processes that die. In the end every payment is kept for goods, or is back.
// `SEED=… npx vitest run --project chaos test/chaos/payments/explorer` plays one seed again.

const ACTS = 34;
const AT_ONCE = 4;
const ROUNDS = 30;

const { engine, begins, passes } = exploration();
const kms = fakeKms();

const isExpected = (error: unknown): boolean => isBadLuck(error) || error instanceof PaymentNotKnown;

/** Plays one seed; everything that is wrong afterwards, and how it came to that. */
async function explore(seed: number): Promise<Explored> {
  begins();
  const random = seeded(seed, "paying");
  const provider = new ExploredProvider(seeded(seed, "provider"));
  vi.stubGlobal("fetch", provider.fetch);
  const deps = {
    ...everythingOn(engine(), { kms }).deps,
    paymentSecretsPrefix: "/payments/",
    environmentName: "local",
  };
  const credentials = { apiKey: "key", webhookSecret: `whsec_${"a".repeat(32)}` };
  const named = {
    name: "simulated",
    protocol: "simulated",
    baseUrl: "http://127.0.0.1:1",
    timeoutMs: 1_000,
    fees: ["1.5%"],
  } as const;
  valueOf(await setProvider(deps, { ...named, fees: [...named.fees], credentials }));
  const shop = new ExploredCheckout(seed, random, provider);
  await shop.open(deps, makeCodes(10));
  const stage = new Interleaving(random, isExpected);
  for (let begun = 0; begun < ACTS; ) {
    if (stage.alive < AT_ONCE && random.below(3) === 0) {
      const { name, path } = shop.act();
      const skewMs = random.below(4) === 0 ? random.below(20_000) - 10_000 : 0;
      begun += 1;
      stage.start(`${begun} ${name}`, { ...deps, clock: () => new Date(Date.now() + skewMs) }, path);
    }
    await stage.step();
    const chance = random.below(200);
    if (chance < 30) passes(random.below(8_000));
    else if (chance < 32) passes(130_000);
    else if (chance === 32 && random.below(3) === 0) passes(1_000_000);
  }
  await stage.toTheEnd();
  provider.isHonest = true;
  let isQuiet = false;
  for (let round = 0; round < ROUNDS && !(isQuiet && round > 6); round++) {
    passes(round < 5 ? 150_000 : 2 * LIMITS.unpaidSeconds * 1000);
    isQuiet = await shop.finish(deps);
  }
  const wrong = [...stage.errors, ...(await shop.audit(deps))];
  const states = (await shop.orders(deps)).map(
    ({ state, fundedBy = [] }) => `${state}${fundedBy.some((one) => one.startsWith("pay_")) ? " by a buyer" : ""}`,
  );
  return { wrong, story: stage.story, states };
}

const SEEDS = Array.from({ length: isFullProof ? 400 : 12 }, (_, index) => 1 + index);

test(
  "whatever buyers, channels, machines and a provider do, each payment is kept for goods that were delivered, or goes back once",
  async () => {
    const { failed, played, states } = await playSeeds(SEEDS, explore);
    process.stdout.write(`payments: ${played} seeds, ${states}\n`);
    expect(failed).toEqual([]);
  },
  isFullProof ? 3_600_000 : 300_000,
);
