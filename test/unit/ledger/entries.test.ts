import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { dayIn } from "../../../shared/ledger/day.ts";
import { entryOf, type Leg, nameOf, wrongLegs } from "../../../shared/ledger/entries.ts";
import { depositEntry } from "../../../shared/ledger/payment-entries.ts";
import { lineCostEntries, refundEntries, saleEntries } from "../../../shared/ledger/sale-entries.ts";
import { asEntry } from "../../../shared/ledger/stored.ts";
import { importEntry, purchaseEntry, restockEntry, reversalEntry } from "../../../shared/ledger/supply-entries.ts";
import { entryItem } from "../../../shared/ledger/table.ts";

const at = "2026-03-01T16:30:00.000Z";
const times = { at, zone: "UTC" };
const of = { channelId: "chan_1", orderId: "ord_1", epoch: 2 };
const bought = { reference: "ord_1-2-1-1", supplierId: "sup_1" };
const cny = (amount: number) => ({ amount, currency: "CNY" });

describe("an entry", () => {
  it.each<[string, Leg[]]>([
    [
      "legs that don't sum to zero",
      [
        { account: "channel:c", amount: 100 },
        { account: "platform:sales", amount: -99 },
      ],
    ],
    ["one leg alone", [{ account: "channel:c", amount: 0 }]],
    [
      "a part of a fen",
      [
        { account: "channel:c", amount: 0.5 },
        { account: "platform:sales", amount: -0.5 },
      ],
    ],
    [
      "no number",
      [
        { account: "channel:c", amount: Number.NaN },
        { account: "platform:sales", amount: 0 },
      ],
    ],
    ["eleven legs", Array.from({ length: 11 }, () => ({ account: "channel:c" as const, amount: 0 }))],
    [
      "an account of no kind",
      [
        { account: "savings:me" as "channel:x", amount: 1 },
        { account: "platform:sales", amount: -1 },
      ],
    ],
    [
      "an account of ours that there isn't",
      [
        { account: "platform:yacht" as "platform:cash", amount: 1 },
        { account: "platform:sales", amount: -1 },
      ],
    ],
  ])("can't be made with %s", (_what, legs) => {
    expect(() => entryOf({ kind: "deposit", reference: "R" }, "CNY", legs, times)).toThrow("deposit:R");
  });

  it("says what is wrong with it by name and sum, and never by account: a name may say something of a person", () => {
    const legs = [
      { account: "channel:c", amount: 100 },
      { account: "platform:sales", amount: -99 },
    ] as const;
    expect(wrongLegs(legs)).toBe("legs that sum to 1");
  });

  it("of every kind balances, whatever the amounts and their currencies", () => {
    const amount = fc.nat(1_000_000_000);
    const money = fc.record({ amount, currency: fc.constantFrom("CNY", "USD", "JPY") });
    fc.assert(
      fc.property(money, fc.array(money, { maxLength: 5 }), (price, cost) => {
        const all = [
          { owner: "chan_1", entry: depositEntry("chan_1", "R", price, times) },
          ...saleEntries(of, price, cost, times),
          ...lineCostEntries({ ...of, line: "1" }, cost, times),
          ...refundEntries({ ...of, round: 1 }, price, cost, times),
          importEntry("batch_1", price, times),
          importEntry("batch_2", price, times, "sup_1"),
          purchaseEntry(bought, price, times),
          reversalEntry(bought, price, times),
        ];
        for (const { entry } of all) expect(wrongLegs(entry.legs)).toBeUndefined();
        const names = all.map(({ entry }) => `${entry.currency} ${entry.name}`);
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });
});

test("a sale books what its codes have cost in the same entry; a cost in another currency is an entry that names it", () => {
  const [sale, ...others] = saleEntries(of, cny(1500), [cny(1350), { amount: 90, currency: "USD" }, cny(10)], times);
  expect(sale).toEqual({
    owner: "chan_1",
    entry: {
      name: "sale:ord_1@2",
      at,
      day: "2026-03-01",
      currency: "CNY",
      legs: [
        { account: "channel:chan_1", amount: 1500 },
        { account: "platform:sales", amount: -1500 },
        { account: "platform:cost", amount: 1360 },
        { account: "platform:stock", amount: -1360 },
      ],
    },
  });
  expect(others).toEqual([
    {
      owner: "platform",
      entry: {
        name: "cost:ord_1@2#USD",
        at,
        day: "2026-03-01",
        currency: "USD",
        legs: [
          { account: "platform:cost", amount: 90 },
          { account: "platform:stock", amount: -90 },
        ],
        link: "sale:ord_1@2",
      },
    },
  ]);
});

test("a sale of one code with its cost stays below a kilobyte, which is one write unit", () => {
  const id = (prefix: string) => `${prefix}_${"0123456789abcdefghjkmnpqrs".slice(0, 26)}`;
  const [sale] = saleEntries(
    { channelId: id("chan"), orderId: id("ord"), epoch: 1 },
    cny(1_000_000_000_000),
    [cny(999_999_999_999)],
    times,
  );
  if (sale === undefined) throw new Error("no sale");
  // DynamoDB counts names and values in UTF-8, a few bytes for each member of a list or map; JSON has more of them.
  expect(Buffer.byteLength(JSON.stringify(entryItem(sale)))).toBeLessThan(700);
});

test("a refund books back what the codes have cost that come back into stock", () => {
  const [refund] = refundEntries({ ...of, round: 1 }, cny(1500), [cny(1350)], {
    ...times,
    bookedAt: "2026-03-02T00:00:00.000Z",
  });
  expect(refund?.entry.legs).toEqual([
    { account: "platform:sales", amount: 1500 },
    { account: "channel:chan_1", amount: -1500 },
    { account: "platform:cost", amount: -1350 },
    { account: "platform:stock", amount: 1350 },
  ]);
  expect(refund?.entry.day).toBe("2026-03-02");
});

test("a purchase for stock that can't be divided evenly, of which one piece did not come, is booked to the last fen", () => {
  const { entry } = restockEntry(bought, { currency: "CNY", charged: 1000, stocked: 666, leftOver: 1 }, times);
  expect(entry.legs).toEqual([
    { account: "platform:stock", amount: 666 },
    { account: "platform:cost", amount: 1 },
    { account: "suspense:sup_1", amount: 333 },
    { account: "supplier:sup_1", amount: -1000 },
  ]);
});

describe("what lies in the table", () => {
  const [sale] = saleEntries(of, cny(1500), [cny(1350)], times);

  it("is read as it was written", () => {
    expect(sale && asEntry(entryItem(sale))).toEqual(sale?.entry);
  });

  it.each([
    ["deposit:R1", "cash", "channel:chan_1", "platform:cash", "channel:chan_1"],
    ["sale:ord_1@2", "channel:chan_1", "sales", "channel:chan_1", "platform:sales"],
    ["refund:ord_1@2#1", "sales", "channel:chan_1", "platform:sales", "channel:chan_1"],
  ])("and was written by an earlier version is read as two legs: %s", (name, debit, credit, to, from) => {
    const item = { pk: "entries#chan_1#CNY#0", sk: `${at}#${name}`, name, debit, credit, ...cny(1500), at };
    expect(asEntry(item)).toEqual({
      name,
      at,
      day: "2026-03-01",
      currency: "CNY",
      legs: [
        { account: to, amount: 1500 },
        { account: from, amount: -1500 },
      ],
    });
  });

  it("and is damaged is refused, by the names of its fields", () => {
    const item = entryItem({ owner: "chan_1", entry: depositEntry("chan_1", "R", cny(1), times) });
    expect(() => asEntry({ ...item, legs: "none" })).toThrow(/^entry entries#chan_1#CNY#\d .*: legs$/);
  });
});

describe("the name of an entry", () => {
  it("differs with epoch and round", () => {
    const epochs = fc.tuple(fc.nat(20), fc.nat(20));
    fc.assert(
      fc.property(epochs, epochs, ([epochA, roundA], [epochB, roundB]) => {
        const name = (epoch: number, round: number) => nameOf({ kind: "refund", orderId: "ord_1", epoch, round });
        expect(name(epochA, roundA) === name(epochB, roundB)).toBe(epochA === epochB && roundA === roundB);
      }),
    );
  });
});

describe("the day of an entry", () => {
  it.each([
    ["2026-03-01T15:59:59.999Z", "Asia/Shanghai", "2026-03-01"],
    ["2026-03-01T16:00:00.000Z", "Asia/Shanghai", "2026-03-02"],
    ["2026-03-01T04:59:59.999Z", "America/New_York", "2026-02-28"],
    ["2026-03-08T06:59:59.999Z", "America/New_York", "2026-03-08"],
    ["2026-07-01T03:59:59.999Z", "America/New_York", "2026-06-30"],
    ["2026-12-31T23:59:59.999Z", "UTC", "2026-12-31"],
  ])("of %s in %s is %s", (moment, zone, day) => {
    expect(dayIn(zone, moment)).toBe(day);
  });
});
