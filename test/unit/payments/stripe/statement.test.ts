import { expect, test } from "vitest";
import { begun, chargeFor, refundOf, withStripe } from "../../../support/payments/stripe/stripe-payments.ts";

const shop = await withStripe();
const { simulator, stripe } = shop;

const today = (): string => new Date().toISOString().slice(0, 10);

async function linesOf(day = today()) {
  const lines = [];
  for (let cursor: string | undefined, pages = 0; pages === 0 || cursor !== undefined; pages++) {
    const page = await stripe.statement?.(day, cursor);
    lines.push(...(page?.lines ?? []));
    cursor = page?.next;
  }
  return lines;
}

test("a day's statement has what was paid, what went back and what was disputed, each with its fee, in our units", async () => {
  const charge = await begun(shop, chargeFor(500, "ISK"));
  await stripe.refund(charge, refundOf(charge, 200));
  const dispute = simulator.dispute(charge.id, { amount: 30_000 });
  simulator.decideDispute(charge.id, "won");
  const { charge: source } = simulator.session(charge.id);
  const [refund] = simulator.refunds(charge.id);
  const line = (kind: string, externalId: string | undefined, amount: number, fee = 0, occurrence = 1) =>
    expect.objectContaining({ kind, externalId, occurrence, amount, fee, currency: "ISK" }) as object;
  expect(await linesOf()).toEqual([
    line("dispute", dispute.id, 300, 0, 2),
    line("dispute", dispute.id, -300, 15),
    line("refund", refund?.id, -200),
    line("payment", source, 500, 15),
  ]);
});

test("a long day comes in pages, and the day before has nothing of it", async () => {
  const charge = await begun(shop, chargeFor(100_000));
  for (let made = 0; made < 101; made++) simulator.dispute(charge.id, { amount: 100 });
  const lines = await linesOf();
  expect(lines.length).toBeGreaterThan(101);
  expect(new Set(lines.map(({ externalId, occurrence }) => `${externalId} ${occurrence}`)).size).toBe(lines.length);
  expect(await linesOf("2020-01-01")).toEqual([]);
});

test("a statement that can't be read is none", async () => {
  simulator.misbehave("get /v1/balance_transactions", "page");
  await expect(linesOf()).rejects.toThrow("http_502");
});
