import { expect, test, vi } from "vitest";
import { fakeKms } from "../../support/engine/fake-aws.ts";
import { everythingOn } from "../../support/engine/on-second-engine.ts";
import { type Explored, exploration, playSeeds } from "../../support/faults/exploration.ts";
import { Interleaving } from "../../support/faults/interleaving.ts";
import { isBadLuck } from "../../support/faults/unlucky.ts";
import { CURRENCIES } from "../../support/orders/explored-audit.ts";
import { ExploredShop, LONG_MS } from "../../support/orders/explored-shop.ts";
import { ExploredSupplier } from "../../support/orders/explored-supplier.ts";
import { seeded } from "../../support/random.ts";
import { isFullProof } from "../../support/size.ts";

// Anything that buyers, operators, suppliers and machines may do, in any order, call by call: with one key for unequal orders, prices
// and currencies that change, clocks that differ, processes that die and answers that are lost. Then all is brought to its
// end, and everything that must be true then is looked at. `SEED=… npx vitest run --project chaos test/chaos/orders/explorer` plays
// one seed again.

const ACTS = 24;
const AT_ONCE = 5;
/** Rounds of machines and operators after which nothing is due any more. */
const ROUNDS = 40;

const { engine, begins, passes } = exploration();
const kms = fakeKms();

/** Plays one seed; everything that is wrong afterwards, and how it came to that. */
async function explore(seed: number): Promise<Explored> {
  begins();
  const random = seeded(seed, "explorer");
  const supplier = new ExploredSupplier(seeded(seed, "supplier"));
  vi.stubGlobal("fetch", supplier.fetch);
  const { deps } = everythingOn(engine(), { kms });
  const shop = new ExploredShop(seed, random, supplier);
  await shop.open(deps);
  const stage = new Interleaving(random, isBadLuck);
  for (let begun = 0; begun < ACTS; ) {
    if (stage.alive < AT_ONCE && random.below(3) === 0) {
      for (const { name, path } of shop.acts()) {
        const skewMs = random.below(4) === 0 ? random.below(20_000) - 10_000 : 0;
        begun += 1;
        stage.start(`${begun} ${name}`, { ...deps, clock: () => new Date(Date.now() + skewMs) }, path);
      }
    }
    await stage.step();
    const chance = random.below(200);
    if (chance < 30) passes(random.below(8_000));
    else if (chance < 34) passes(130_000);
    else if (chance === 34) passes(1_000_000);
  }
  await stage.toTheEnd();
  supplier.isHonest = true;
  let isQuiet = false;
  for (let round = 0; round < ROUNDS && !(isQuiet && round > 4); round++) {
    passes(round < 5 ? 150_000 : LONG_MS);
    isQuiet = await shop.finish(deps);
  }
  const wrong = [...stage.errors, ...(await shop.audit(deps))];
  return { wrong, story: stage.story, states: (await shop.orders(deps)).map(({ state }) => state) };
}

/** Seeds that found a fault when it was there: a part of a limit that was not given back, and a cheap order that paid for a dear one. */
const FINDERS = [3, 9, 24, 27, 37, 47, 49, 54, 100];
const EVERY_DAY = [1, 2, 4, ...FINDERS];
const ALL = Array.from({ length: 600 }, (_, index) => 1 + index);

test(
  "whatever is done to a shop, in whatever order, every code, order and amount is accounted for",
  async () => {
    const { failed, played, states } = await playSeeds(isFullProof ? ALL : EVERY_DAY, explore);
    process.stdout.write(`explorer: ${played} seeds, ${CURRENCIES.join(" and ")}, ${states}\n`);
    expect(failed).toEqual([]);
  },
  isFullProof ? 3_600_000 : 300_000,
);
