import { Unzip, UnzipInflate } from "fflate";
import * as z from "zod";
import { isPrivate } from "../../suppliers/call.ts";
import { send } from "../../suppliers/exchange.ts";
import { BrokenStatement, type StatementDesk, type StatementRow } from "../statement-contract.ts";
import { bodyOf, FILE_MS, Lines } from "../statement-file.ts";
import { type BillFile, ledgerFile, tradeFile } from "./bill.ts";
import { isOneOf, type Said } from "./gateway.ts";

const Found = z.object({ bill_download_url: z.url({ protocol: /^https?$/ }) });

/** A day on which nothing was booked has no bill, and neither has one whose bill is not made yet. */
const NO_BILL = new Set(["bill_not_exist", "BILL_NOT_EXIST", "NO_BILL_DATA"]);

type Call = (method: string, bizContent: object) => Promise<Said>;
type Address = { kind: "at"; url: string } | { kind: "none" } | { kind: "unknown"; reason: string };

/**
 * Alipay's books: the bill of trades of a day in China, and the bill of its account (`signcustomer`), which has the balance and what was
 * paid out. They are made by nine o'clock of the next morning, sometimes later.
 */
export const alipayStatements = (call: Call): StatementDesk => ({
  zone: "Asia/Shanghai",
  readyAfterHours: 12,
  async read(day) {
    const trades = await addressOf(call, "trade", day);
    if (trades.kind === "unknown") return trades;
    const account = await addressOf(call, "signcustomer", day);
    if (account.kind === "unknown") return account;
    if (trades.kind === "none" && account.kind === "none") return { kind: "none" };
    return { kind: "statement", rows: rowsOf(trades, account) };
  },
});

async function* rowsOf(trades: Address, account: Address): AsyncGenerator<StatementRow> {
  if (trades.kind === "at") yield* filesIn(trades.url, tradeFile);
  if (account.kind === "at") yield* filesIn(account.url, ledgerFile);
}

async function addressOf(call: Call, bill_type: string, bill_date: string): Promise<Address> {
  const said = await call("alipay.data.dataservice.bill.downloadurl.query", { bill_type, bill_date });
  if (said.kind === "failed")
    return isOneOf(said.code, NO_BILL) ? { kind: "none" } : { kind: "unknown", reason: "refused" };
  if (said.kind !== "done") return { kind: "unknown", reason: said.reason };
  const found = Found.safeParse(said.body);
  if (!found.success) return { kind: "unknown", reason: "unreadable_answer" };
  const { bill_download_url: url } = found.data;
  return isPrivate(new URL(url)) ? { kind: "at", url } : { kind: "unknown", reason: "address_not_https" };
}

/** Fetches a zip and reads the file in it that counts, as it comes. Beside it lies one of sums, which are none of our business. */
async function* filesIn(url: string, reader: () => BillFile): AsyncGenerator<StatementRow> {
  const sent = await send({ method: "GET", url, headers: {} }, FILE_MS);
  if (sent.kind !== "answered") throw new BrokenStatement(sent.reason);
  if (sent.response.status !== 200) throw new BrokenStatement(`http_${sent.response.status}`);
  yield* rowsInZip(bodyOf(sent.response), reader);
}

/** Reads the bill in a zip. Throws `BrokenStatement` if there is none, or if it has no end. */
export async function* rowsInZip(
  packed: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  reader: () => BillFile,
): AsyncGenerator<StatementRow> {
  let rows: StatementRow[] = [];
  let bills = 0;
  let open = 0;
  const unzip = new Unzip((file) => {
    const [lines, bill] = [new Lines("gbk"), reader()];
    open++;
    file.ondata = (error, chunk, isLast) => {
      if (error !== null) throw broken(error);
      for (const line of lines.take(chunk, isLast)) rows.push(...bill.take(line));
      if (!isLast) return;
      open--;
      if (bill.isBill) bills++;
      rows.push(...bill.end());
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  for await (const chunk of packed) {
    push(unzip, chunk, false);
    yield* rows;
    rows = [];
  }
  push(unzip, new Uint8Array(), true);
  if (bills !== 1 || open !== 0) throw new BrokenStatement("no_bill_in_the_file");
  yield* rows;
}

function push(unzip: Unzip, chunk: Uint8Array, isLast: boolean): void {
  try {
    unzip.push(chunk, isLast);
  } catch (error) {
    throw broken(error);
  }
}

/** What the library throws is about the file; what we throw comes through it. */
const broken = (error: unknown): BrokenStatement =>
  error instanceof BrokenStatement ? error : new BrokenStatement("unreadable_file");
