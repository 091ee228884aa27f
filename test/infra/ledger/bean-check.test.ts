import { describe, expect, it } from "vitest";
import { beancountOf, csvOfEntries } from "../../../infra/ops/beancount.ts";
import { decimal } from "../../../infra/ops/money.ts";
import { type Entry } from "../../../shared/ledger/entries.ts";
import {
  bounceEntry,
  depositEntry,
  elsewhereEntry,
  paymentEntry,
  repaymentEntry,
  statementEntry,
} from "../../../shared/ledger/payment-entries.ts";
import { refundEntries, saleEntries } from "../../../shared/ledger/sale-entries.ts";
import { importEntry, purchaseEntry, restockEntry, reversalEntry } from "../../../shared/ledger/supply-entries.ts";
import { beanCheck } from "../../support/ledger/bean-check.ts";

const times = { at: "2026-03-01T16:30:00.000Z", zone: "Asia/Shanghai" };
const of = { channelId: "chan_0123456789abcdefghjk", orderId: "ord_0123456789abcdefghjk", epoch: 1 };
const bought = { reference: "ord_0123456789abcdefghjk-1-1-1", supplierId: "sup_0123456789abcdefghjk" };
const refund = { refundId: "rfd_1", paymentId: "pay_1", provider: "stripe-eu" };
const cny = (amount: number) => ({ amount, currency: "CNY" });

/** One of each kind, in currencies with two decimals, with none, and with three. */
const entries: Entry[] = [
  { owner: "", entry: depositEntry(of.channelId, 'R"1\\', cny(100_000), times) },
  { owner: "", entry: depositEntry(of.channelId, "R2", { amount: 100_000, currency: "JPY" }, times) },
  { owner: "", entry: depositEntry(of.channelId, "R3", { amount: 1_001, currency: "KWD" }, times) },
  importEntry("batch_1", cny(13_500), times),
  importEntry("batch_2", cny(700), times, "sup_1"),
  ...saleEntries(of, cny(1_500), [cny(1_350), { amount: 7, currency: "USD" }], times),
  ...refundEntries({ ...of, round: 1 }, cny(1_500), [cny(1_350), { amount: 7, currency: "USD" }], times),
  paymentEntry({ paymentId: "pay_1", provider: "stripe-eu" }, cny(1_800), 11, times),
  ...saleEntries({ ...of, epoch: 2 }, cny(0), [], times, { provider: "stripe-eu", amount: 1_800, margin: 300 }),
  ...refundEntries({ ...of, epoch: 2, round: 1 }, cny(0), [], times, {
    provider: "stripe-eu",
    amount: 900,
    margin: 150,
  }),
  ...[repaymentEntry, bounceEntry].map((entry) => entry({ ...refund, time: 1 }, cny(900), times)),
  elsewhereEntry(refund, cny(900), times),
  // A day's statement, and its correction by which the provider has kept less than was booked.
  ...[
    { fee: 9, paidOut: 700 },
    { fee: -2, paidOut: 0 },
  ].map((what, index) => {
    const day = { provider: "stripe-eu", day: "2026-03-01", entry: index + 1 };
    const booked = statementEntry(day, what, "CNY", { ...times, bookedAt: "2026-03-02T04:00:00.000Z" });
    if (booked === undefined) throw new Error("nothing was booked");
    return booked;
  }),
  purchaseEntry(bought, { amount: 210, currency: "JPY" }, times),
  reversalEntry(bought, { amount: 210, currency: "JPY" }, times),
  restockEntry(
    { ...bought, reference: "restock_1-1" },
    { currency: "CNY", charged: 1000, stocked: 666, leftOver: 1 },
    times,
  ),
].map(({ entry }) => entry);

describe("the books that we export", () => {
  it("are accepted by Beancount's checker, with entries of each kind", async () => {
    expect(await beanCheck(beancountOf(entries))).toEqual({ code: 0, says: "" });
  });

  it.each(["CNY", "JPY", "KWD"])(
    "are refused by it when one amount is changed by a minor unit: %s",
    async (currency) => {
      const off = structuredClone(entries);
      const [leg] = off.find((entry) => entry.currency === currency)?.legs ?? [];
      if (leg === undefined) throw new Error("no such entry");
      leg.amount += 1;
      const { code, says } = await beanCheck(beancountOf(off));
      expect([code, says]).toEqual([1, expect.stringContaining("Transaction does not balance")]);
    },
  );

  it("are the same for the same entries, in whatever order they were read", () => {
    expect(beancountOf(entries.toReversed())).toBe(beancountOf(entries));
  });

  it("say amounts with the decimals of their currency", () => {
    const said = [
      [5, "CNY"],
      [-1_234, "CNY"],
      [0, "CNY"],
      [-7, "JPY"],
      [-7, "KWD"],
    ] as const;
    expect(said.map(([amount, currency]) => decimal(amount, currency))).toEqual([
      "0.05",
      "-12.34",
      "0.00",
      "-7",
      "-0.007",
    ]);
  });

  it("have a row for each leg as CSV", () => {
    const [header, first] = csvOfEntries(entries.slice(1, 2)).split("\n");
    expect(header).toBe("day,at,name,account,amount,currency,minorUnits");
    expect(first).toBe("2026-03-02,2026-03-01T16:30:00.000Z,deposit:R2,platform:cash,100000,JPY,100000");
  });
});
