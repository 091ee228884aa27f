import { Agent } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { pendingsIn } from "../../../shared/ledger/model.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { ownTables } from "../../support/engine/own-tables.ts";
import { billBySteps, billOf, type Metered, metered, perPiece } from "../../support/faults/meter.ts";
import { type Process, startProcesses } from "../../support/faults/processes.ts";
import { violations } from "../../support/orders/invariants.ts";
import {
  available,
  countStock,
  eventually,
  type HttpAnswer,
  openShop,
  order,
  stockProduct,
} from "../../support/orders/shop.ts";
import { allWishes, type Claim, storm, type Wish } from "../../support/orders/storm.ts";
import { isFullProof, sized } from "../../support/size.ts";

// Many carts at once: nothing is oversold, and a stampede costs no more than a queue.

const CLAIMERS = sized("deployedStormClaimers");
const CODES = CLAIMERS / 2;
const PRICE = 100;

/** Here each request in flight is a Node process of its own, of which the engine starts a few dozen: the whole crowd comes below. */
const IN_FLIGHT = 25;

test(`oversold by many carts at once: of ${CLAIMERS} claimers of ${CODES} codes each gets one or hears that it is sold out`, async () => {
  const stack = deployedStack();
  const shop = await openShop(CLAIMERS * PRICE);
  const { productId, codes } = await stockProduct(stack, CODES, PRICE);
  const answers: HttpAnswer[] = [];
  let started = 0;
  async function claim(): Promise<void> {
    while (started < CLAIMERS) {
      started += 1;
      answers.push(await order(shop, [{ productId, quantity: 1 }]));
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, claim));

  const byStatus = Object.groupBy(answers, ({ status, body }) => `${status} ${body?.code ?? body?.state}`);
  const counted = Object.entries(byStatus).map(([status, some]) => [status, some?.length]);
  expect(Object.fromEntries(counted)).toEqual({ "201 fulfilled": CODES, "409 sold_out": CLAIMERS - CODES });
  const delivered = answers.flatMap(secretsIn);
  expect(delivered).toHaveLength(CODES);
  expect(new Set(delivered)).toEqual(new Set(codes));
  expect(await countStock(stack, productId)).toMatchObject({ imported: CODES, sold: CODES, available: 0 });

  await eventually(async () => ((await noPendings(shop.channelId)) ? true : undefined), "all money booked");
  expect(await available(shop)).toBe((CLAIMERS - CODES) * PRICE);
  expect(await violations(domain(), { products: [productId], channels: [shop.channelId] })).toEqual([]);
});

function secretsIn({ body }: HttpAnswer): string[] {
  const lines = (body.lines ?? []) as { deliverables: { secret: string }[] }[];
  return lines.flatMap(({ deliverables }) => deliverables.map(({ secret }) => secret));
}

async function noPendings(channelId: string): Promise<boolean> {
  const account = await readAccount(domain(), channelId, "CNY");
  return account !== undefined && pendingsIn(account).length === 0;
}

/** Shared by all claimers; each of them still makes its calls when it wants to. */
const CONNECTIONS = 100;

/** How many claimers, of how many codes, in how many processes. */
const storms: [claimers: number, wish: Wish, stock: number, processes: number][] = isFullProof
  ? [
      ...[100, 1_000, 10_000].flatMap((stock) =>
        allWishes.map((wish): [number, Wish, number, number] => [1_000, wish, stock, 100]),
      ),
      [1_000, "one each", 100, 1_000],
    ]
  : [
      [CLAIMERS, "one each", CODES, CLAIMERS],
      [CLAIMERS, "carts of two products", CODES, 20],
    ];

test.each(storms)(
  "%i claimers, %s, of %i codes in %i processes: at most 0.05 failed conditions per code sold",
  async (claimers, wish, stock, processes) => {
    // The deployed watch helps an order that is five seconds old, and whoever is helped loses a condition.
    const { stack, remove } = await ownTables(deployedStack(), `storm-${stock}-${processes}`);
    onTestFinished(remove);
    const crew = await startProcesses(processes);
    // A thousand connections at once are more than the local engine accepts: who comes last would wait for minutes.
    const httpAgent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    onTestFinished(() => httpAgent.destroy());
    // A meter of its own for each claimer tells winners' calls from losers'.
    const meters = Array.from({ length: claimers }, () => {
      const deps = domain(undefined, { stack, httpAgent });
      return { deps, calls: metered(deps) };
    });
    const { claims, sold, lost } = await storm(domain(undefined, { stack }), { claimers, stock, wish }, (index) => {
      const { deps, calls } = meters[index] as (typeof meters)[number];
      return { buy: (crew[index % processes] as Process).buy, deps, refused: () => refusedOf(calls) };
    });
    expect(lost).toBeLessThanOrEqual(0.05);
    const callsOf = (isOf: (claim: Claim) => boolean): Metered[] =>
      claims.flatMap((claim, index) => (isOf(claim) ? (meters[index]?.calls ?? []) : []));
    const ofLosers = callsOf(({ bought }) => !bought.ok);
    const losers = claims.filter(({ bought }) => !bought.ok).length;
    const ofWinners = callsOf(({ bought }) => bought.ok);
    console.table({
      ...billBySteps(ofWinners, sold),
      "one code": perPiece(billOf(ofWinners), sold),
      "one refusal": perPiece(billOf(ofLosers), Math.max(1, losers)),
    });
    console.info(`failed conditions of the ${losers} refused: ${refusedOf(ofLosers)}`);
  },
  isFullProof ? 900_000 : 180_000,
);

const refusedOf = (calls: readonly Metered[]): number => calls.filter(({ refused }) => refused).length;
