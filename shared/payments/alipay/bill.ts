/**
 * Reads Alipay's bills: CSV in GBK, with lines for people that begin with `#`, and cells that are padded with blanks and tabs. Pure. Columns
 * are read by their names, because Alipay has changed their order and number.
 */
import { cut } from "../../stock-files/cells.ts";
import { BrokenStatement, type StatementRow } from "../statement-contract.ts";
import { Closing, type Columns, rowReader } from "../statement-file.ts";
import { fenOf, momentOf } from "./notation.ts";

/** Reads one file of a packed bill, line by line. */
export interface BillFile {
  take(line: string): StatementRow[];
  end(): StatementRow[];
  /** This is the file of single lines, and not the one of sums. */
  readonly isBill: boolean;
}

const THOUSANDTHS = 1_000;
const CSV = { delimiter: ",", quotes: true, literal: true };

const TRADES = {
  trade: ["支付宝交易号", "交易号"],
  payment: ["商户订单号"],
  kind: ["业务类型"],
  at: ["完成时间"],
  amount: ["订单金额（元）"],
  refund: ["退款批次号/请求号"],
  fee: ["服务费（元）"],
} as const;

const ACCOUNT = {
  flow: ["账务流水号"],
  at: ["发生时间"],
  income: ["收入金额（+元）", "收入金额（元）", "收入金额"],
  outgo: ["支出金额（-元）", "支出金额（元）", "支出金额"],
  balance: ["账户余额（元）", "账户余额"],
  type: ["业务类型"],
} as const;

type Row<C extends Columns<string>> = Record<keyof C & string, string>;

/** The bill of trades. A payment is named by our id of it, and so is a refund. */
export const tradeFile = (): BillFile =>
  billFile(TRADES, (row) => {
    const isRefund = row.kind === "退款";
    // A refund stands with minus signs, and gives its part of the fee back.
    const [amount, fee] = [unsigned(row.amount), unsigned(row.fee)];
    const at = momentOf(row.at);
    if ((!isRefund && row.kind !== "交易") || amount === undefined || fee === undefined || at === undefined)
      return undefined;
    const line = {
      kind: isRefund ? ("refund" as const) : ("payment" as const),
      name: isRefund ? row.refund : row.payment,
      externalId: row.trade,
      amount,
      feeThousandths: (isRefund ? 0 - fee : fee) * THOUSANDTHS,
      currency: "CNY",
      at,
    };
    return [{ row: "line", line }];
  });

/** The bill of the account: what only it tells is what was paid out, and the balance at the end of the day. */
export function ledgerFile(): BillFile {
  const closing = new Closing();
  return billFile(
    ACCOUNT,
    (row) => {
      const [income, outgo, balance] = [unsigned(row.income), unsigned(row.outgo), signed(row.balance)];
      const at = momentOf(row.at);
      if (income === undefined || outgo === undefined || balance === undefined || at === undefined) return undefined;
      closing.note(at, balance, income - outgo);
      if (!row.type.includes("提现") || outgo === 0) return [];
      const line = { kind: "payout" as const, name: row.flow, externalId: row.flow, amount: outgo };
      return [{ row: "line", line: { ...line, feeThousandths: 0, currency: "CNY", at } }];
    },
    () => (closing.amount === undefined ? [] : [{ row: "closing", currency: "CNY", amount: closing.amount }]),
  );
}

function billFile<C extends Columns<string>>(
  columns: C,
  read: (row: Row<C>) => StatementRow[] | undefined,
  atEnd: () => StatementRow[] = () => [],
): BillFile {
  let number = 0;
  let rowOf: ((cells: string[]) => Row<C> | undefined) | undefined;
  let isOther = false;
  let hasEnded = false;
  return {
    take(line) {
      number++;
      hasEnded ||= line.startsWith("#") && line.includes("列表结束");
      if (isOther || line.startsWith("#") || line.trim() === "") return [];
      const { cells = [] } = cut(line, CSV);
      if (rowOf === undefined) {
        const [first = []] = Object.values<readonly string[]>(columns);
        isOther = !cells.some((cell) => first.includes(cell));
        if (!isOther) rowOf = rowReader(cells, columns as Columns<keyof C & string>);
        return [];
      }
      // A comma in a title would move every cell behind it, and so the amount.
      const row = rowOf(cells);
      const rows = row === undefined ? undefined : read(row);
      return (
        rows ?? [{ row: "unreadable", number, reason: row === undefined ? "other_number_of_cells" : "unreadable_line" }]
      );
    },
    end() {
      if (rowOf === undefined) return [];
      if (!hasEnded) throw new BrokenStatement("cut_off");
      return atEnd();
    },
    get isBill() {
      return rowOf !== undefined;
    },
  };
}

const unsigned = (yuan: string): number | undefined => fenOf(yuan.replace(/^[-+]/, ""));

function signed(yuan: string): number | undefined {
  const amount = unsigned(yuan);
  return amount !== undefined && yuan.startsWith("-") ? 0 - amount : amount;
}
