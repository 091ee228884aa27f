import { expect } from "vitest";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import type { Result } from "../../../shared/kernel/problem.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { orderIdFor } from "../../../shared/orders/table.ts";
import type { Domain } from "../engine/domain.ts";
import { type Random, seeded } from "../random.ts";
import { violations } from "./invariants.ts";
import {
  type Bought,
  type buy,
  onSale,
  openMarket,
  retire,
  secretsOf,
  settleMoney,
  sweepUntilQuiet,
} from "./market.ts";

type Lines = NewOrder["lines"];

const LARGEST = 5;
const PRICE = 100;

const CARTS = "carts of two products";

/** What each of a crowd wants. */
const wishes = {
  "one each": (_, first) => [{ productId: first, quantity: 1 }],
  "one to five each": (random, first) => [{ productId: first, quantity: 1 + random.below(LARGEST) }],
  [CARTS]: (random, first, second) =>
    random.pick([[first], [second], [first, second]]).map((productId) => ({
      productId,
      quantity: 1 + random.below(LARGEST),
    })),
} satisfies Record<string, (random: Random, first: string, second: string) => Lines>;

export type Wish = keyof typeof wishes;
export const allWishes = Object.keys(wishes) as Wish[];

/** So many at once, on so many codes of each product. */
export type Crowd = { claimers: number; stock: number; wish: Wish };

/** The hands of one claimer: the process he comes to, and how many of his calls were refused by a condition. */
export type Hands = { buy: typeof buy; deps: Domain; refused: () => number };

export type Claim = { bought: Result<Bought>; refused: number };

/**
 * A flash sale. Who gets anything gets all he asked for, of codes that nobody else has; who gets nothing hears that it is sold
 * out; when it is over every code is sold or on sale, and the books add up.
 * `lost`: the failed conditions of those who got something, for each code.
 */
export async function storm(alive: Domain, { claimers, stock, wish }: Crowd, handsOf: (index: number) => Hands) {
  const random = seeded(stock, wish);
  const money = claimers * 2 * LARGEST * PRICE;
  const first = await openMarket(alive, { stock, money, price: PRICE, lanes: lanesFor(claimers) });
  const second = await openMarket(alive, { stock: wish === CARTS ? stock : 0, money: 0 });
  const { channelId } = first;
  const asked = Array.from({ length: claimers }, () => wishes[wish](random, first.productId, second.productId));
  const claims = await Promise.all(
    asked.map(async (lines, index): Promise<Claim> => {
      const { buy, deps, refused } = handsOf(index);
      const bought = await buy(deps, channelId, keyOf(index), lines);
      return { bought, refused: refused() };
    }),
  );

  const won = claims.flatMap(({ bought, refused }, index) =>
    bought.ok ? [{ lines: asked[index] ?? [], goods: bought.value.goods, refused }] : [],
  );
  const codes = won.flatMap(({ goods }) => secretsOf(goods));
  expect(codes).toHaveLength(piecesOf(won.flatMap(({ lines }) => lines)));
  expect(new Set(codes).size).toBe(codes.length);
  expect([...first.codes, ...second.codes]).toEqual(expect.arrayContaining(codes));
  for (const { bought } of claims) expect(bought.ok || bought.code).toBe(bought.ok || "sold_out");
  const lost = won.reduce((sum, { refused }) => sum + refused, 0) / codes.length;
  process.stdout.write(
    `storm: ${claimers} claimers, ${wish}, ${stock} codes: ${codes.length} sold, ${lost} failed conditions for each\n`,
  );
  // Whoever wants more than is left gets nothing, so some of the last codes may stay: fewer than one could want.
  const most = wish === "one each" ? 1 : LARGEST;
  if (wish !== CARTS) expect(codes.length).toBeGreaterThan(Math.min(stock, piecesOf(asked.flat())) - most);

  const orders = claims.map((_, index) => orderIdFor(channelId, keyOf(index)));
  await settleMoney(alive, ...orders);
  const products = [first.productId, second.productId];
  await sweepUntilQuiet(alive, ...products);
  expect(await violations(alive, { products, channels: [channelId], orders })).toEqual([]);
  for (const { productId, codes: all } of [first, second]) {
    const sold = won.flatMap(({ lines }) => lines).filter((line) => line.productId === productId);
    expect(await onSale(alive, productId)).toBe(all.length - piecesOf(sold));
  }
  await retire(alive, ...products);
  return { claims, sold: codes.length, lost };
}

/** Nothing is booked while a storm lasts, so an account needs room for all of it; orders do not spread evenly over its lanes. */
export const lanesFor = (orders: number): number => Math.ceil((2 * orders) / LIMITS.pendingsPerLane);

const keyOf = (index: number): string => `claim ${index}`;
const piecesOf = (lines: Lines): number => lines.reduce((sum, { quantity }) => sum + quantity, 0);
