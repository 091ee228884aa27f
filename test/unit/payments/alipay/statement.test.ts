import { afterAll, describe, expect, test } from "vitest";
import { tradeFile } from "../../../../shared/payments/alipay/bill.ts";
import { rowsInZip } from "../../../../shared/payments/alipay/statement.ts";
import { methodOf } from "../../../../shared/payments/registry.ts";
import { startAlipaySimulator } from "../../../support/payments/alipay/simulator.ts";
import { allRows, linesIn, statementOn } from "../../../support/payments/statement-rows.ts";

/** A bill as Alipay packs one: two files in GBK, their names too. Packed by Python's zipfile. */
const BILL = Buffer.from(
  [
    "UEsDBBQAAAAIAGUzYlwRu4EPfQAAANkAAAAwAAAAMjA4ODAwMDAwMDAwMDAwMTAxNTZfMjAyNjAzMDFf0rXO8cP3z7gou+PX3CkuY3N2U762fM",
    "e2jcsubT33cffj63c2vby4npdLWZdYANN38MLGt8Tq4eU6fHTrq40Pdh3VATEO/958TGfv7kvXt63cuvT6nY2nTv3VOXt6/zskLoi598O2d4tX",
    "XFm1eKXOyTN7Lp3aeuoqhMvLpbPr/J5jOoY6RjoGegYGYIKXCwBQSwMEFAAAAAgAZTNiXB/AKnYaAgAA9QUAACoAAAAyMDg4MDAwMDAwMDAwMD",
    "AxMDE1Nl8yMDI2MDMwMV/Stc7xw/fPuC5jc3bFVN9r01AUfm6h/0OgLzpu9N4bUtf+KzLGVHwW3/xzNGztxqAmbZI2TajaJcvS9adJioIwYS9W",
    "HRsDK5uI9+aHZlsDQR88hOTc757v5JwvN6foV1uKuDWVh2e9xaglfZrUC/mi19dMQbuP4eoq/GMIIr60RratU0e3Pet9EIJLe3PIuW8gsj0Gwk",
    "pwrTEM43t++2YUTkaRXGxWi0t8PRa/ZuUU8mF7Rmc600xwcNipKtvyJnFptldH4wHBLLV32bBAs2nUHFE/BoN54yBweqY8F49IMHWCGOndbOGK",
    "wPcUIhBQXNXw+p0qoDmNU+VEqLk7wjZJqU8d2fGiZViC9uXljwjQ66ovbl3ZfWt2PiTYiaVd1/qji0R2ux6UQsNoztGlOknsdmvXgEG/e2JeNI",
    "eaeXf/8/45KVv9OTxTJ9G26tvnkSu2Zi8KefqpIAcRxvSDXzGUA082nq1vpFoOUKFzoHHsy90aQ+juDnPNAH0BCzkWovgc8Esxaivj573FLcSX",
    "V4jxJQxvkwSIvwNhdIdpt4RLKCxxyvGK+dcmqaTZm0Q4POxLsdQm2aA9NnOTTx8/Wn+QaiQhieL+kwKYq/Blci3F0hVAQbXRI6sGD1Mt1AAmNP",
    "i72WN8dL5nmz3FYOyMdEvQkOgIu/FcaEvB4SU/3W78s7clGCCERLUNSThJonBbYm8wQ/w3W9Yb3+jwWjJ0SxV8r4Lo0P0FUEsBAhQDFAAAAAgA",
    "ZTNiXBG7gQ99AAAA2QAAADAAAAAAAAAAAAAAAIABAAAAADIwODgwMDAwMDAwMDAwMDEwMTU2XzIwMjYwMzAxX9K1zvHD98+4KLvj19wpLmNzdl",
    "BLAQIUAxQAAAAIAGUzYlwfwCp2GgIAAPUFAAAqAAAAAAAAAAAAAACAAcsAAAAyMDg4MDAwMDAwMDAwMDAxMDE1Nl8yMDI2MDMwMV/Stc7xw/fP",
    "uC5jc3ZQSwUGAAAAAAIAAgC2AAAALQMAAAAA",
  ].join(""),
  "base64",
);
const trade = "2026030122001000000000000001";
const line = { externalId: trade, currency: "CNY" };
const [b, c] = [`rfd_${"b".repeat(26)}`, `rfd_${"c".repeat(26)}`];
const BACK = { ...line, kind: "refund" };
const LINES = [
  { ...line, kind: "payment", amount: 1500, feeThousandths: 9_000, at: "2026-02-28T16:00:05.000Z" },
  { ...BACK, name: b, amount: 500, feeThousandths: -3_000, at: "2026-03-01T04:00:00.000Z" },
  { ...BACK, name: c, amount: 1000, feeThousandths: 0, at: "2026-03-01T15:59:59.000Z" },
];

const simulator = await startAlipaySimulator();
afterAll(() => simulator.stop());
const alipay = methodOf("alipay", { baseUrl: simulator.url, timeoutMs: 15_000 }, simulator.credentials, "prod");
const desk = alipay.statements;
const statement = (day: string) => statementOn(desk, day);
/** A zip in pieces that end anywhere. */
const read = (packed: Buffer, size = 50) =>
  allRows(
    rowsInZip(
      Array.from({ length: Math.ceil(packed.length / size) }, (_, at) => packed.subarray(at * size, (at + 1) * size)),
      tradeFile,
    ),
  );

describe("the bill of a day", () => {
  test("is read by the names of its columns, with what went back and what Alipay kept", async () => {
    expect(linesIn(await read(BILL))).toMatchObject(LINES);
    expect(await read(BILL, 1)).toEqual(await read(BILL, 10_000));
  });

  test("is asked for, fetched and read", async () => {
    simulator.setBill("2026-03-01", BILL);
    expect(linesIn(await statement("2026-03-01"))).toMatchObject(LINES);
  });

  test("of a day without trades is none, and so is one that isn't made yet", async () => {
    expect(await desk?.read("2020-01-01")).toEqual({ kind: "none" });
  });

  test("that is no bill, or that Alipay has not signed the address of, is not read", async () => {
    await expect(read(BILL.subarray(0, 400))).rejects.toThrow("unreadable_file");
    simulator.setBill("2026-03-02", Buffer.from("<html>"));
    await expect(statement("2026-03-02")).rejects.toThrow("no_bill_in_the_file");
    simulator.misbehave("alipay.data.dataservice.bill.downloadurl.query", { kind: "forged" });
    expect(await desk?.read("2026-03-01")).toEqual({ kind: "unknown", reason: "forged_answer" });
  });
});

test("what Alipay did on a day is in its bills, by our names, with the balance behind it all", async () => {
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const [first, second] = [`pay_${"1".repeat(26)}`, `pay_${"2".repeat(26)}`];
  for (const [name, fen] of [
    [first, 1234],
    [second, 5000],
  ] as const) {
    simulator.open(name, fen);
    simulator.pay(name);
  }
  simulator.refundByHand(first, 234);
  simulator.payOut(1000);
  const rows = await statement(today);
  expect(linesIn(rows)).toMatchObject([
    { kind: "payment", name: first, amount: 1234, feeThousandths: 7_000 },
    { kind: "refund", amount: 234, feeThousandths: 0 },
    { kind: "payment", name: second, amount: 5000, feeThousandths: 30_000 },
    { kind: "payout", amount: 1000 },
  ]);
  expect(rows.at(-1)).toEqual({ row: "closing", currency: "CNY", amount: 1234 + 5000 - 234 - 37 - 1000 });
  expect(simulator.balance()).toBe(1234 + 5000 - 234 - 37 - 1000);
  // A comma in a title moves every cell behind it.
  simulator.setBills({ change: (text) => text.replace(`${first}\t,交易,`, `${first}\t,交易,a,`) });
  const bad = await statement(today);
  expect(bad[0]).toMatchObject({ row: "unreadable", reason: "other_number_of_cells" });
  expect(linesIn(bad)).toHaveLength(3);
  simulator.setBills({ change: (text) => text.slice(0, text.indexOf("列表结束")) });
  await expect(statement(today)).rejects.toThrow("cut_off");
  simulator.setBills({ isMade: false });
  expect(await desk?.read(today)).toEqual({ kind: "none" });
});
