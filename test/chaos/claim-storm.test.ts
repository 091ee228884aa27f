import { randomBytes } from "node:crypto";
import { expect, inject, test, vi } from "vitest";
import { readAccount } from "../../shared/ledger/accounts.ts";
import { orderIdFor } from "../../shared/orders/table.ts";
import { domain } from "../support/domain.ts";
import { violations } from "../support/invariants.ts";
import { openMarket, retire, secretsOf, settleMoney, sweepUntilQuiet } from "../support/market.ts";
import { billBySteps, billOf, type Metered, meteredDomain, perPiece } from "../support/meter.ts";
import { type Process, startProcesses } from "../support/processes.ts";
import { available, countStock, eventually, type HttpAnswer, openShop, order, stockProduct } from "../support/shop.ts";
import { isFullProof } from "../support/size.ts";

// Many carts at once: nothing is oversold, and a stampede costs no more than a queue.

vi.setConfig({ testTimeout: 180_000 });

const CODES = 100;
const CLAIMERS = 200;
const PRICE = 100;

/** Here each request in flight is a Node process of its own, and they share two cores: the whole crowd comes below. */
const IN_FLIGHT = isFullProof ? 100 : 25;

test("oversold by many carts at once: of 200 claimers of 100 codes each gets one or hears that it is sold out", async () => {
  const stack = inject("stack");
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

test("twenty requests at once with one merchant order number: one order, one charge, one code, twenty same answers", async () => {
  const stack = inject("stack");
  const shop = await openShop(20 * PRICE);
  const { productId } = await stockProduct(stack, 20, PRICE);
  const key = randomBytes(8).toString("hex");
  const answers = await Promise.all(Array.from({ length: 20 }, () => order(shop, [{ productId, quantity: 1 }], key)));

  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 201));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers[0]?.body.lines[0].deliverables).toHaveLength(1);
  expect(await countStock(stack, productId)).toMatchObject({ sold: 1, available: 19 });
  expect(await available(shop)).toBe(19 * PRICE);

  // Each of the twenty drew a ticket: the nineteen that were not needed are for sale again.
  await sweepUntilQuiet(domain(), productId);
  await eventually(async () => ((await noPendings(shop.channelId)) ? true : undefined), "all money booked");
  expect(await violations(domain(), { products: [productId], channels: [shop.channelId] })).toEqual([]);
});

function secretsIn({ body }: HttpAnswer): string[] {
  const lines = (body.lines ?? []) as { deliverables: { secret: string }[] }[];
  return lines.flatMap(({ deliverables }) => deliverables.map(({ secret }) => secret));
}

async function noPendings(channelId: string): Promise<boolean> {
  const account = await readAccount(domain(), channelId, "CNY");
  return Object.keys(account?.pending ?? {}).length === 0;
}

const storms: [claimers: number, codes: number, processes: number][] = isFullProof
  ? [
      [1000, 100, 1000],
      [1000, 1000, 1000],
      [200, 100, 20],
    ]
  : [
      [CLAIMERS, CODES, CLAIMERS],
      [CLAIMERS, CODES, 20],
    ];

test.each(storms)(
  "%i claimers of %i codes in %i processes: at most 0.05 failed conditions per code sold",
  async (claimers, codes, processes) => {
    const alive = domain();
    const stage = await openMarket(alive, { stock: codes, money: claimers * PRICE, price: PRICE });
    const { productId, channelId } = stage;
    const crew = await startProcesses(processes);
    const outcomes = await Promise.all(
      Array.from({ length: claimers }, async (_, index) => {
        const { buy } = crew[index % processes] as Process;
        // A meter of its own for each claimer tells winners' calls from losers'.
        const { deps, calls } = meteredDomain();
        return { bought: await buy(deps, channelId, `claim ${index}`, [{ productId, quantity: 1 }]), calls };
      }),
    );

    const winners = outcomes.filter(({ bought }) => bought.ok);
    const losers = outcomes.filter(({ bought }) => !bought.ok);
    const sold = winners.flatMap(({ bought }) => (bought.ok ? secretsOf(bought.value.goods) : []));
    expect(sold).toHaveLength(codes);
    expect(new Set(sold)).toEqual(new Set(stage.codes));
    expect(new Set(losers.map(({ bought }) => (bought.ok ? "" : bought.code)))).toEqual(
      new Set(losers.length > 0 ? ["sold_out"] : []),
    );

    const [ofWinners, ofLosers] = [winners, losers].map((some) => some.flatMap(({ calls }) => calls)) as [
      Metered[],
      Metered[],
    ];
    const failed = (calls: Metered[]): number => calls.filter(({ refused }) => refused).length;
    console.table({
      ...billBySteps(ofWinners, codes),
      "one sale": perPiece(billOf(ofWinners), codes),
      "one refusal": perPiece(billOf(ofLosers), Math.max(1, losers.length)),
    });
    console.info(
      `failed conditions per code sold: ${failed(ofWinners) / codes} by winners, ${failed(ofLosers) / codes} by the ${losers.length} refused`,
    );
    expect(failed(ofWinners) / codes).toBeLessThanOrEqual(0.05);

    const orders = outcomes.map((_, index) => orderIdFor(channelId, `claim ${index}`));
    await sweepUntilQuiet(alive, productId);
    await settleMoney(alive, ...orders);
    expect(await violations(alive, { products: [productId], channels: [channelId], orders })).toEqual([]);
    await retire(alive, productId);
  },
  isFullProof ? 900_000 : 60_000,
);
