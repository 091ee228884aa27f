import { unzipSync } from "fflate";
import * as z from "zod";
import { systemClock } from "../../kernel/clock.ts";
import { cut } from "../../stock-files/cells.ts";
import { isPrivate } from "../../suppliers/call.ts";
import { readBytes, send } from "../../suppliers/exchange.ts";
import type { StatementLine, StatementPage } from "../contract.ts";
import { isOneOf, type Said } from "./gateway.ts";
import { fenOf, momentOf } from "./notation.ts";

/** A day of a hundred thousand payments has some 30 MB, and 3 MB packed. */
const PACKED_BYTES = 32 * 1024 * 1024;
const UNPACKED_BYTES = 256 * 1024 * 1024;

const Found = z.object({ bill_download_url: z.url({ protocol: /^https?$/ }) });

/** A day on which nothing was booked has no bill. */
const NO_BILL = new Set(["bill_not_exist", "BILL_NOT_EXIST", "NO_BILL_DATA"]);

/** Alipay makes a day's bill by nine o'clock of the next morning in China, sometimes later. */
const MADE_AFTER_MS = (24 + 12 - 8) * 3600 * 1000;

/**
 * Reads what Alipay has booked on a day in China (`YYYY-MM-DD`), by its bill of trades. Throws if it can't be read, or isn't made yet.
 * A payment's `externalId` is Alipay's number of the trade, a refund's is our name for it; `fee` is what Alipay kept, or gave back.
 */
export async function readStatement(
  call: (method: string, bizContent: object) => Promise<Said>,
  day: string,
  timeoutMs: number,
): Promise<StatementPage> {
  const said = await call("alipay.data.dataservice.bill.downloadurl.query", { bill_type: "trade", bill_date: day });
  if (said.kind === "failed" && isOneOf(said.code, NO_BILL)) {
    if (systemClock().getTime() < Date.parse(`${day}T00:00:00Z`) + MADE_AFTER_MS)
      throw new Error("the bill is not made yet");
    return { lines: [] };
  }
  if (said.kind !== "done") throw new Error(`no bill: ${said.kind === "failed" ? said.code : said.reason}`);
  const { bill_download_url: url } = Found.parse(said.body);
  if (!isPrivate(new URL(url))) throw new Error("the bill's address is not https");
  const sent = await send({ method: "GET", url, headers: {} }, timeoutMs);
  if (sent.kind !== "answered") throw new Error(`no bill: ${sent.reason}`);
  const packed = await readBytes(sent.response, PACKED_BYTES);
  if (!packed.ok || sent.response.status !== 200) throw new Error(`no bill: http_${sent.response.status}`);
  return { lines: linesOf(packed.bytes) };
}

/** The names of the columns that count. A bill is read by them, because Alipay has changed their order and number. */
const COLUMNS = {
  trade: "支付宝交易号",
  payment: "商户订单号",
  kind: "业务类型",
  at: "完成时间",
  amount: "订单金额（元）",
  refund: "退款批次号/请求号",
  fee: "服务费（元）",
} as const;
type Row = Record<keyof typeof COLUMNS, string>;

const KINDS: Record<string, StatementLine["kind"]> = { 交易: "payment", 退款: "refund" };

/** Reads a packed bill: the file of single trades beside the one of sums, in GBK. */
export function linesOf(packed: Uint8Array): StatementLine[] {
  let left = UNPACKED_BYTES;
  const files = unzipSync(packed, { filter: ({ originalSize }) => (left -= originalSize) >= 0 });
  const texts = Object.values(files).map((file) => new TextDecoder("gbk", { fatal: true }).decode(file));
  const rows = texts.map(rowsOf).filter((read) => read !== undefined);
  const [trades] = rows;
  if (trades === undefined || rows.length > 1) throw new Error("there is no list of trades in the bill");
  const seen = new Map<string, number>();
  return trades.map((row) => lineOf(row, seen));
}

const CSV = { delimiter: ",", quotes: true, literal: true };

/** Undefined: this is the file of sums. Lines that begin with `#` are for people; cells are padded with blanks and tabs. */
function rowsOf(text: string): Row[] | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const [names = [], ...rows] = lines.map((line) => cut(line, CSV).cells ?? []);
  if (!names.includes(COLUMNS.trade)) return undefined;
  const places = Object.entries(COLUMNS).map(([key, name]) => [key, names.indexOf(name)] as const);
  if (places.some(([, place]) => place === -1)) throw new Error("the bill lacks a column");
  return rows.map((cells) => {
    // A comma in a title would move every cell behind it, and so the amount.
    if (cells.length !== names.length) throw new Error("a line of the bill has another number of cells than its head");
    return Object.fromEntries(places.map(([key, place]) => [key, cells[place] ?? ""])) as Row;
  });
}

function lineOf(row: Row, seen: Map<string, number>): StatementLine {
  const kind = KINDS[row.kind];
  // A refund stands with minus signs.
  const [amount, fee] = [row.amount, row.fee].map((yuan) => fenOf(yuan.replace(/^-/, "")));
  const at = momentOf(row.at);
  if (kind === undefined || amount === undefined || fee === undefined || at === undefined)
    throw new Error("a line of the bill can't be read");
  const externalId = kind === "refund" ? row.refund : row.trade;
  const name = `${kind} ${externalId}`;
  const occurrence = (seen.get(name) ?? 0) + 1;
  seen.set(name, occurrence);
  return { kind, externalId, occurrence, amount, fee, currency: "CNY", at };
}
