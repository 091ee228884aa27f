import { afterAll, describe, expect, test } from "vitest";
import { linesOf } from "../../../../shared/payments/alipay/statement.ts";
import { methodOf } from "../../../../shared/payments/registry.ts";
import { startAlipaySimulator } from "../../../support/payments/alipay/simulator.ts";

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
const LINES = [
  { kind: "payment", externalId: trade, amount: 1500, fee: 9, at: "2026-02-28T16:00:05.000Z" },
  { kind: "refund", externalId: `rfd_${"b".repeat(26)}`, amount: 500, fee: 3, at: "2026-03-01T04:00:00.000Z" },
  { kind: "refund", externalId: `rfd_${"c".repeat(26)}`, amount: 1000, fee: 0, at: "2026-03-01T15:59:59.000Z" },
].map((line) => ({ ...line, occurrence: 1, currency: "CNY" }));

const simulator = await startAlipaySimulator();
afterAll(() => simulator.stop());
const alipay = methodOf("alipay", { baseUrl: simulator.url, timeoutMs: 15_000 }, simulator.credentials, "prod");
const statement = (day: string) => alipay.statement?.(day, undefined) ?? expect.unreachable("there is no statement");

describe("the bill of a day", () => {
  test("is read by the names of its columns, with what went back and what Alipay kept", () => {
    expect(linesOf(BILL)).toEqual(LINES);
  });

  test("is asked for, fetched and read", async () => {
    simulator.setBill("2026-03-01", BILL);
    expect(await statement("2026-03-01")).toEqual({ lines: LINES });
  });

  test("of a day without trades has no lines, and one that isn't made yet is none", async () => {
    expect(await statement("2020-01-01")).toEqual({ lines: [] });
    const today = new Date().toISOString().slice(0, 10);
    await expect(statement(today)).rejects.toThrow("not made yet");
  });

  test("that is no bill, or that Alipay has not signed the address of, is not read", async () => {
    expect(() => linesOf(BILL.subarray(0, 100))).toThrow("invalid zip");
    simulator.setBill("2026-03-02", Buffer.from("<html>"));
    await expect(statement("2026-03-02")).rejects.toThrow("invalid zip");
    simulator.misbehave("alipay.data.dataservice.bill.downloadurl.query", { kind: "forged" });
    await expect(statement("2026-03-01")).rejects.toThrow("forged_answer");
  });
});
