import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { linesOf } from "../../../../shared/payments/statement-file.ts";
import { fundRows, tradeRows } from "../../../../shared/payments/wechat/bill.ts";
import { allRows, linesIn, statementOn } from "../../../support/payments/statement-rows.ts";
import { chargeOf, refundOf, wechatMerchant } from "../../../support/payments/wechat/merchant.ts";
import { bill } from "../../../support/payments/wechat/published.ts";
import { beijing } from "../../../support/payments/wechat/trades.ts";

const { simulator, method } = await wechatMerchant();
const desk = method.statements;
const today = beijing().slice(0, 10);

/** Text in pieces that end anywhere, also within a character. */
async function* inPieces(text: string, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const trades = (text: string) => allRows(tradeRows(linesOf(inPieces(text))));
const funds = (text: string) => allRows(fundRows(linesOf(inPieces(text))));

describe("a trade bill", () => {
  test("that WeChat Pay has made is read, each movement with its time and amount", async () => {
    expect(createHash("sha1").update(bill).digest("hex")).toBe("dcd7ceb3d382a1181798368bb15d8437de46c00f");
    const lines = linesIn(await trades(bill));
    expect(lines).toHaveLength(3);
    expect(lines.reduce((sum, { amount }) => sum + amount, 0)).toBe(3);
    expect(lines[0]).toMatchObject({
      kind: "payment",
      externalId: "4200000925202101284997714292",
      amount: 1,
      feeThousandths: 0,
      currency: "CNY",
      at: "2021-01-28T09:07:11.000Z",
    });
  });

  test("is read the same with its columns in another order", async () => {
    const [head = "", ...rest] = bill.replace(/^\uFEFF/, "").split("\r\n");
    const turned = rest.map((line, index) =>
      index < 3 ? `\`${line.slice(1).split(",`").toReversed().join(",`")}` : line,
    );
    const shuffled = [head.split(",").toReversed().join(","), ...turned].join("\r\n");
    expect(await trades(shuffled)).toEqual(await trades(bill));
  });

  test("that has lost a line, or that says another sum, says so", async () => {
    const [first = ""] = bill.split("\r\n").slice(1);
    for (const wrong of [
      bill.replace(`${first}\r\n`, ""),
      bill.replace("`0.01,`0.00,`\r\n", "`0.02,`0.00,`\r\n"),
      bill.replace("`0.00000,`1.00%", "`0.00001,`1.00%"),
    ])
      expect((await trades(wrong)).at(-1)).toEqual({ row: "unreadable", number: 0, reason: "other_sums" });
  });

  test("with one bad line is read, but for that line", async () => {
    const rows = await trades(bill.replace("`1.00%,", ""));
    expect(linesIn(rows)).toHaveLength(2);
    expect(rows[0]).toEqual({ row: "unreadable", number: 2, reason: "other_number_of_cells" });
  });

  test("of another kind, or without its end, is none", async () => {
    await expect(trades(bill.replace("微信订单号", "订单号"))).rejects.toThrow("other_columns");
    await expect(trades(bill.slice(0, 900))).rejects.toThrow("cut_off");
    await expect(trades("")).rejects.toThrow("other_columns");
  });
});

test("a fund bill tells what was paid out, and the balance behind the last movement, whichever comes first", async () => {
  const head =
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号";
  const rows = [
    "`2026-03-10 09:00:00,`B1,`F1,`交易,`交易,`收入,`10.00,`10.00,`system,`,`V1",
    "`2026-03-10 10:00:00,`B2,`F2,`扣除交易手续费,`扣除交易手续费,`支出,`0.06,`9.94,`system,`,`V2",
    "`2026-03-10 10:00:00,`B3,`F3,`提现,`提现,`支出,`5.00,`4.94,`1900000001API,`,`V3",
  ];
  const sums = ["资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额", "`3.0,`1.0,`10.00,`2.0,`5.06"];
  const paidOut = expect.objectContaining({ kind: "payout", externalId: "F3", amount: 500 }) as object;
  for (const inOrder of [rows, rows.toReversed()])
    expect(await funds([head, ...inOrder, ...sums, ""].join("\r\n"))).toEqual([
      { row: "line", line: paidOut },
      // Taken for fees.
      { row: "fees", currency: "CNY", amount: 6 },
      { row: "closing", currency: "CNY", amount: 494 },
    ]);
  expect(await funds([head, ...rows, sums[0], "`3.0,`1.0,`10.00,`2.0,`5.07"].join("\n"))).toContainEqual({
    row: "unreadable",
    number: 0,
    reason: "other_sums",
  });
});

test("a day's payments, refunds, exact fees and balance are told, by our names", async () => {
  const charges = [chargeOf(70, { description: "a, b,`c" }), chargeOf(70), chargeOf(71)];
  for (const charge of charges) {
    await method.start(charge);
    simulator.pay(charge.id);
  }
  const [first] = charges;
  if (first === undefined) throw new Error("no charge");
  const back = refundOf(30);
  await method.refund(first, back);
  const rows = await statementOn(desk, today);
  const lines = linesIn(rows);
  expect(lines.map(({ kind, name, amount }) => `${kind} ${name} ${amount}`).toSorted()).toEqual(
    [...charges.map(({ id, amount }) => `payment ${id} ${amount.amount}`), `refund ${back.id} 30`].toSorted(),
  );
  // 0.6 % of 70, less 30, and of 70 and 71: 0.42 − 0.18 + 0.42 + 0.426 = 1.086 fen.
  expect(lines.reduce((sum, { feeThousandths }) => sum + feeThousandths, 0)).toBe(1086);
  // What the fund bill has is whole fen: each fee is rounded there.
  expect(rows.at(-1)).toEqual({ row: "closing", currency: "CNY", amount: simulator.balance() });
  simulator.next({ kind: "signed", wrong: "probe" });
  expect(await statementOn(desk, today)).toEqual(rows);
});

test("a day on which nothing moved has none; a bill that is not the announced one, or does not come, is none", async () => {
  expect(await desk?.read("2020-01-01")).toEqual({ kind: "none" });
  simulator.next({ kind: "signed", wrong: "none" });
  expect(await desk?.read(today)).toEqual({ kind: "unknown", reason: "unsigned_answer" });
  simulator.next({ kind: "slow", ms: 1 }, { kind: "slow", ms: 1 }, { kind: "changed" });
  await expect(statementOn(desk, today)).rejects.toThrow("not_the_announced_file");
});
