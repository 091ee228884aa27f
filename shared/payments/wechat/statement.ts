import { createHash } from "node:crypto";
import * as z from "zod";
import {
  BrokenStatement,
  type StatementDesk,
  type StatementOutcome,
  type StatementRow,
} from "../statement-contract.ts";
import { bodyOf, FILE_MS, linesOf, unpacked } from "../statement-file.ts";
import { fundRows, tradeRows } from "./bill.ts";
import { exchange, type Line, sendSigned } from "./exchange.ts";
import { reasonIn } from "./trades.ts";

const billSchema = z.object({
  hash_type: z.literal("SHA1"),
  hash_value: z.string().regex(/^[0-9a-fA-F]{40}$/),
  download_url: z.url(),
});
type Bill = z.infer<typeof billSchema>;
type Announced = { kind: "bill"; bill: Bill } | { kind: "none" | "refused" } | { kind: "unknown"; reason: string };

/**
 * WeChat Pay's books: the trade bill of a day of Beijing's, and its fund bill, which has the balance. They are there from ten in the
 * morning of the next day, for three months. A merchant without the right to fund bills has no balance here.
 */
export const wechatStatements = (line: Line): StatementDesk => ({
  zone: "Asia/Shanghai",
  readyAfterHours: 10,
  async read(day): Promise<StatementOutcome> {
    const trades = await announced(line, "tradebill", { bill_date: day, bill_type: "ALL" });
    if (trades.kind === "unknown") return trades;
    if (trades.kind === "refused") return { kind: "unknown", reason: "no_permission" };
    const funds = await announced(line, "fundflowbill", { bill_date: day, account_type: "BASIC" });
    if (funds.kind === "unknown") return funds;
    if (trades.kind === "none" && funds.kind !== "bill") return { kind: "none" };
    return { kind: "statement", rows: rowsOf(line, trades, funds) };
  },
});

async function* rowsOf(line: Line, trades: Announced, funds: Announced): AsyncGenerator<StatementRow> {
  if (trades.kind === "bill") yield* tradeRows(linesOf(download(line, trades.bill)));
  if (funds.kind === "bill") yield* fundRows(linesOf(download(line, funds.bill)));
}

/** Asks where a bill is. It is packed, which makes a fifth of it; its hash is that of the file as it was. */
async function announced(line: Line, which: string, what: Record<string, string>): Promise<Announced> {
  const asked = new URLSearchParams({ ...what, tar_type: "GZIP" });
  const answer = await exchange(line, { method: "GET", path: `/v3/bill/${which}?${asked.toString()}` });
  if (answer.kind !== "answered") return { kind: "unknown", reason: answer.reason };
  const reason = reasonIn(answer.value);
  // Nothing moved on that day, or nobody has made it yet.
  if (reason === "no_statement_exist" || reason === "statement_creating") return { kind: "none" };
  if (answer.status === 403) return { kind: "refused" };
  const bill = billSchema.safeParse(answer.value);
  if (answer.status !== 200 || !bill.success) return { kind: "unknown", reason: reason ?? "unreadable_answer" };
  return { kind: "bill", bill: bill.data };
}

/** The file itself is not signed. Its hash is, in the answer that names it; so nothing of it counts before its end. */
async function* download({ merchant, settings }: Line, bill: Bill): AsyncGenerator<Uint8Array> {
  const { pathname, search } = new URL(bill.download_url);
  const patient = { merchant, settings: { ...settings, timeoutMs: FILE_MS } };
  const sent = await sendSigned(patient, { method: "GET", path: `${pathname}${search}` });
  if (sent.kind !== "answered") throw new BrokenStatement(sent.reason);
  if (sent.response.status !== 200) throw new BrokenStatement(`http_${sent.response.status}`);
  const hash = createHash("sha1");
  for await (const chunk of unpacked(bodyOf(sent.response))) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest("hex") !== bill.hash_value.toLowerCase()) throw new BrokenStatement("not_the_announced_file");
}
