import { expect, test } from "vitest";
import type { Line } from "../../../shared/orders/model.ts";
import { marginOf, paidByChannel, paidInAll, partOf } from "../../../shared/orders/shares.ts";
import { CHANNEL, type QuotedLine, quote } from "../../../shared/pricing/quote.ts";
import type { CartLine } from "../../../shared/pricing/working.ts";
import { topupLine } from "../../support/orders/order-fixtures.ts";
import { randomCart, randomPromotions, shuffled } from "../../support/pricing/random-cart.ts";
import { type Random, seeded } from "../../support/random.ts";
import { sized } from "../../support/size.ts";

// Orders of any lines under any promotions: the parts of a price sum to it, and what goes back in parts sums to what was
// paid, for every payer.

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

/** What is wrong with a priced line. */
function wrongIn({ id, quantity, unitPrice, floor = 0 }: CartLine, line: QuotedLine | undefined): string[] {
  if (line === undefined) return [`${id} has no price`];
  const { net, adjustments, paid } = line;
  const gross = unitPrice * quantity;
  const [off, tendered] = [false, true].map((isTender) =>
    sum(adjustments.filter(({ phase }) => (phase === "tender") === isTender).map(({ amount }) => amount)),
  );
  const funded = sum(
    adjustments.filter(({ payer, phase }) => payer !== undefined && phase !== "tender").map(({ amount }) => amount),
  );
  return [
    ...(gross - (off ?? 0) === net ? [] : [`${id}: ${gross} less ${off} is not ${net}`]),
    ...(net >= floor * quantity ? [] : [`${id}: ${net} is below its floor`]),
    ...(paid[CHANNEL] === net - (tendered ?? 0) ? [] : [`${id}: the channel pays ${paid[CHANNEL]}`]),
    ...(sum(Object.values(paid)) === net + funded ? [] : [`${id}: all pay ${JSON.stringify(paid)} of ${net + funded}`]),
    ...[...adjustments.map(({ amount }) => amount), ...Object.values(paid), net]
      .filter((amount) => !Number.isSafeInteger(amount) || amount < 0)
      .map((amount) => `${id}: ${amount} is no amount`),
  ];
}

/** Cuts a line into parts, and some of them into parts again, as deliveries in part and holes of large orders do. */
function cut(random: Random, line: Line): Line[] {
  if (line.quantity === 1 || random.below(4) === 0) return [line];
  const first = 1 + random.below(line.quantity - 1);
  return [partOf(line, 0, first), partOf(line, first, line.quantity - first)].flatMap((part) => cut(random, part));
}

/** Every amount of a line, by its name. */
const amountsOf = ({ net, adjustments = [], paid = {}, ...line }: Line): [string, number][] => [
  ["net", net],
  ["margin", marginOf(line)],
  ...adjustments.map(({ promotionId, amount }): [string, number] => [promotionId, amount]),
  ...Object.entries(paid),
];

test(`${sized("pricedOrders")} random orders: prices add up, and so does what goes back, in whatever parts`, () => {
  const wrong: string[] = [];
  const seen = { adjusted: 0, funded: 0, refused: 0, parts: 0 };
  for (let seed = 1; seed <= sized("pricedOrders"); seed++) {
    const random = seeded(seed, "priced");
    const cart = randomCart(random);
    const promotions = randomPromotions(random);
    const quoted = quote(cart, promotions);
    const found = cart.flatMap((line, at) => wrongIn(line, quoted.lines[at]));
    if (quoted.total !== sum(quoted.lines.map(({ paid }) => paid[CHANNEL] ?? 0))) found.push("the total");
    const again = quote(shuffled(random, cart), shuffled(random, promotions));
    if (again.total !== quoted.total) found.push(`${again.total} in another order, and not ${quoted.total}`);
    seen.refused += quoted.refused.length;
    for (const [at, { quantity, unitPrice }] of cart.entries()) {
      const { net = 0, adjustments = [], paid = {} } = quoted.lines[at] ?? {};
      const retailPrice = unitPrice + random.below(100);
      const line: Line = { ...topupLine("open"), quantity, unitPrice, retailPrice, net, adjustments, paid };
      const parts = cut(random, line);
      seen.adjusted += adjustments.length;
      seen.funded += Object.keys(paid).length - 1;
      seen.parts += parts.length;
      const all = parts.map((part) => Object.fromEntries(amountsOf(part)));
      for (const [name, amount] of amountsOf(line)) {
        const shares = all.map((part) => part[name] ?? 0);
        if (sum(shares) !== amount || shares.some((share) => share < 0))
          found.push(`line ${at + 1}: ${name} of ${amount} is ${shares.join(" + ")}`);
      }
      if (sum(parts.map(({ quantity: pieces }) => pieces)) !== quantity) found.push("pieces");
      if (sum(parts.map(paidByChannel)) !== paidByChannel(line)) found.push("the channel's parts");
      if (sum(parts.map(paidInAll)) !== paidInAll(line)) found.push("all payers' parts");
    }
    wrong.push(...found.map((what) => `${seed}: ${what}`));
  }
  expect(wrong).toEqual([]);
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(sized("pricedOrders") / 5);
});
