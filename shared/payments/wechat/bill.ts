/** Reads WeChat Pay's trade bill: CSV with a byte order mark, a grave accent before each field, and two lines of sums. Pure. */
import type { StatementLine } from "../contract.ts";
import { utc } from "./times.ts";

/** Bills have amounts with two decimals of a yuan, and fees with five. */
const UNITS_PER_YUAN = 100_000;
const UNITS_PER_FEN = 1_000;

/**
 * Gives the movements of a bill. The sum of their fees is the bill's, rounded once: each movement has what it adds to the rounded sum.
 * Throws if a line can't be read, or if the bill's own sums are others.
 */
export function linesOf(bill: string): StatementLine[] {
  const [head = "", ...rest] = bill.replace(/^\uFEFF/, "").split(/\r?\n/);
  const end = rest.findIndex((line) => !line.startsWith("`"));
  const [movements, [sumsHead = "", sums = ""]] = [rest.slice(0, end), rest.slice(end)];
  let fees = 0;
  const lines = movements.map((line) => {
    const row = rowOf(head, line);
    const before = fenOf(fees);
    fees += unitsOf(row("手续费"));
    return { ...movementOf(row), fee: fenOf(fees) - before };
  });
  const summed = rowOf(sumsHead, sums);
  const isWhole =
    Number(summed("总交易单数")) === lines.length &&
    unitsOf(summed("手续费总金额")) === fees &&
    fen(summed("订单总金额")) === total(lines, "payment") &&
    fen(summed("申请退款总金额")) === total(lines, "refund");
  if (!isWhole) throw new Error("the bill's lines are not what its sums say");
  return lines;
}

type Row = (column: string) => string;

function rowOf(head: string, line: string): Row {
  const columns = head.split(",");
  // Each field begins with an accent, so that is where it is cut. A name of goods may have both in it: then it has what is too much.
  const fields = line.replace(/^`/, "").split(",`");
  const [name, tooMany] = [columns.indexOf("商品名称"), fields.length - columns.length];
  if (name >= 0 && tooMany > 0) fields.splice(name, tooMany + 1, "");
  if (fields.length !== columns.length) throw new Error("a line of the bill has other columns than its head");
  const row = new Map(columns.map((column, index) => [column, fields[index]]));
  return (column) => {
    const field = row.get(column);
    if (field === undefined) throw new Error(`the bill has no column ${column}`);
    return field;
  };
}

function movementOf(row: Row): Omit<StatementLine, "fee"> {
  const isPayment = row("交易状态") === "SUCCESS";
  return {
    kind: isPayment ? "payment" : "refund",
    externalId: row(isPayment ? "微信订单号" : "微信退款单号"),
    occurrence: 1,
    amount: fen(row(isPayment ? "订单金额" : "申请退款金额")),
    currency: row("货币种类"),
    at: utc(`${row("交易时间").replace(" ", "T")}+08:00`),
  };
}

const total = (lines: readonly StatementLine[], kind: StatementLine["kind"]): number =>
  lines.reduce((sum, line) => sum + (line.kind === kind ? line.amount : 0), 0);

function unitsOf(yuan: string): number {
  const [, sign, whole, part = ""] = /^(-?)(\d{1,10})(?:\.(\d{1,5}))?$/.exec(yuan) ?? [];
  if (whole === undefined) throw new Error("the bill has an amount that is none");
  const units = Number(whole) * UNITS_PER_YUAN + Number(part.padEnd(5, "0"));
  return sign === "-" ? -units : units;
}

const fenOf = (units: number): number => Math.round(units / UNITS_PER_FEN);

/** Gives an amount in whole fen. Throws if it has a part of one. */
function fen(yuan: string): number {
  const units = unitsOf(yuan);
  if (units % UNITS_PER_FEN !== 0) throw new Error("the bill has an amount with a part of a fen");
  return units / UNITS_PER_FEN;
}
