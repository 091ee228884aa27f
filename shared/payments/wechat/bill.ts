/**
 * Reads WeChat Pay's bills: CSV with a byte order mark, a grave accent before each field, and two lines of sums at the end. Pure.
 * Columns are read by their names.
 */
import { BrokenStatement, type StatementLine, type StatementRow } from "../statement-contract.ts";
import { Closing, type Columns, rowReader } from "../statement-file.ts";
import { utc } from "./times.ts";

/** Bills have amounts with two decimals of a yuan, and fees with five: thousandths of a fen. */
const THOUSANDTHS_PER_YUAN = 100_000;
const THOUSANDTHS_PER_FEN = 1_000;

const TRADES = {
  at: ["交易时间"],
  transaction: ["微信订单号"],
  payment: ["商户订单号"],
  state: ["交易状态"],
  currency: ["货币种类"],
  theirRefund: ["微信退款单号"],
  refund: ["商户退款单号"],
  refundState: ["退款状态"],
  fee: ["手续费"],
  paid: ["订单金额"],
  back: ["申请退款金额"],
} as const;

const TRADE_SUMS = {
  count: ["总交易单数"],
  fees: ["手续费总金额"],
  paid: ["订单总金额"],
  back: ["申请退款总金额"],
} as const;

const FUNDS = {
  at: ["记账时间"],
  flow: ["资金流水单号"],
  name: ["业务名称"],
  type: ["业务类型"],
  direction: ["收支类型"],
  amount: ["收支金额（元）"],
  balance: ["账户结余（元）"],
} as const;

const FUND_SUMS = { count: ["资金流水总笔数"], income: ["收入金额"], outgo: ["支出金额"] } as const;

type Row<C extends Columns<string>> = Record<keyof C & string, string>;

/** Gives the movements of a trade bill. A line that can't be read is told of, and the others are read. */
export async function* tradeRows(lines: AsyncIterable<string>): AsyncGenerator<StatementRow> {
  const sums = { count: 0, fees: 0, paid: 0, back: 0 };
  const said = yield* billRows(lines, TRADES, TRADE_SUMS, (row) => {
    const isPayment = row.state === "SUCCESS";
    if (!isPayment && row.state !== "REFUND") throw new Error("neither a payment nor a refund");
    const [paid, back] = [fen(row.paid), fen(row.back)];
    const line: StatementLine = {
      kind: isPayment ? "payment" : "refund",
      name: isPayment ? row.payment : row.refund,
      externalId: isPayment ? row.transaction : row.theirRefund,
      amount: isPayment ? paid : back,
      feeThousandths: thousandths(row.fee),
      currency: row.currency,
      at: utc(`${row.at.replace(" ", "T")}+08:00`),
    };
    sums.count++;
    sums.fees += line.feeThousandths;
    sums.paid += isPayment ? paid : 0;
    sums.back += isPayment ? 0 : back;
    // It came to nothing, and was never booked.
    return row.refundState === "FAIL" ? [] : [{ row: "line", line }];
  });
  const isWhole =
    Number(said.count) === sums.count &&
    thousandths(said.fees) === sums.fees &&
    fen(said.paid) === sums.paid &&
    fen(said.back) === sums.back;
  if (!isWhole) yield { row: "unreadable", number: 0, reason: "other_sums" };
}

/**
 * Gives what only a fund bill tells: what was paid out to the bank, what was really taken for fees (whole fen of each trade, of which the
 * trade bill has five decimals), and the balance at the end of the day.
 */
export async function* fundRows(lines: AsyncIterable<string>): AsyncGenerator<StatementRow> {
  const closing = new Closing();
  const sums = { count: 0, income: 0, outgo: 0 };
  let fees: number | undefined;
  const said = yield* billRows(lines, FUNDS, FUND_SUMS, (row) => {
    const [amount, isOutgo] = [fen(row.amount), row.direction === "支出"];
    if (!isOutgo && row.direction !== "收入") throw new Error("neither income nor outgo");
    closing.note(row.at, fen(row.balance), isOutgo ? 0 - amount : amount);
    sums.count++;
    sums[isOutgo ? "outgo" : "income"] += amount;
    const about = `${row.name}${row.type}`;
    if (about.includes("手续费")) fees = (fees ?? 0) + (isOutgo ? amount : 0 - amount);
    if (!isOutgo || !about.includes("提现")) return [];
    const at = utc(`${row.at.replace(" ", "T")}+08:00`);
    const named = { name: row.flow, externalId: row.flow };
    return [{ row: "line", line: { kind: "payout", ...named, amount, feeThousandths: 0, currency: "CNY", at } }];
  });
  const isWhole =
    Number(said.count) === sums.count && fen(said.income) === sums.income && fen(said.outgo) === sums.outgo;
  if (!isWhole) yield { row: "unreadable", number: 0, reason: "other_sums" };
  if (fees !== undefined) yield { row: "fees", currency: "CNY", amount: fees };
  if (closing.amount !== undefined) yield { row: "closing", currency: "CNY", amount: closing.amount };
}

/** Goes through a bill, and returns its sums. Throws if its end is missing, or if it is another kind of bill. */
async function* billRows<C extends Columns<string>, S extends Columns<string>>(
  lines: AsyncIterable<string>,
  columns: C,
  sumColumns: S,
  read: (row: Row<C>) => StatementRow[],
): AsyncGenerator<StatementRow, Row<S>> {
  let number = 0;
  let head: string[] | undefined;
  let rowOf: ((cells: string[]) => Row<C> | undefined) | undefined;
  let sumsOf: ((cells: string[]) => Row<S> | undefined) | undefined;
  let sums: Row<S> | undefined;
  // To the very end of the file, behind its sums: only there its hash is known.
  for await (const line of lines) {
    number++;
    if (head === undefined || rowOf === undefined) {
      head = line.split(",");
      rowOf = rowReader(head, columns as Columns<keyof C & string>);
    } else if (sumsOf !== undefined) {
      sums ??= sumsOf(line.split(",").map((cell) => cell.replace(/^`/, "")));
    } else if (line.startsWith("`")) {
      const row = rowOf(cellsOf(line, head));
      yield* readable(number, () => (row === undefined ? undefined : read(row)));
    } else {
      sumsOf = rowReader(line.split(","), sumColumns as Columns<keyof S & string>);
    }
  }
  if (sums === undefined) throw new BrokenStatement("cut_off");
  return sums;
}

function readable(number: number, read: () => StatementRow[] | undefined): StatementRow[] {
  try {
    return read() ?? [{ row: "unreadable", number, reason: "other_number_of_cells" }];
  } catch {
    return [{ row: "unreadable", number, reason: "unreadable_line" }];
  }
}

/** Each field begins with an accent, so that is where it is cut. A name of goods may have both in it: then it has what is too much. */
function cellsOf(line: string, head: readonly string[]): string[] {
  const cells = line.replace(/^`/, "").split(",`");
  const [name, tooMany] = [head.indexOf("商品名称"), cells.length - head.length];
  if (name >= 0 && tooMany > 0) cells.splice(name, tooMany + 1, "");
  return cells;
}

function thousandths(yuan: string): number {
  const [, sign, whole, part = ""] = /^(-?)(\d{1,10})(?:\.(\d{1,5}))?$/.exec(yuan) ?? [];
  if (whole === undefined) throw new Error("no amount");
  const all = Number(whole) * THOUSANDTHS_PER_YUAN + Number(part.padEnd(5, "0"));
  // Not −0, which is another value than 0 to some comparisons.
  return sign === "-" ? 0 - all : all;
}

/** Gives an amount in whole fen. Throws if it has a part of one. */
function fen(yuan: string): number {
  const all = thousandths(yuan);
  if (all % THOUSANDTHS_PER_FEN !== 0) throw new Error("a part of a fen");
  return all / THOUSANDTHS_PER_FEN;
}
