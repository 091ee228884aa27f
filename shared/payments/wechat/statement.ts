import { createHash } from "node:crypto";
import * as z from "zod";
import { readBytes } from "../../suppliers/exchange.ts";
import type { StatementLine, StatementPage } from "../contract.ts";
import { linesOf } from "./bill.ts";
import { exchange, type Line, sendSigned } from "./exchange.ts";
import { reasonIn } from "./trades.ts";

const billSchema = z.object({
  hash_type: z.literal("SHA1"),
  hash_value: z.string().regex(/^[0-9a-fA-F]{40}$/),
  download_url: z.url(),
});

/** Size of a day's bill: a hundred thousand movements of about 300 bytes. */
const MOST_BYTES = 32 * 1024 * 1024;

/**
 * Reads what WeChat Pay has booked on a day of Beijing's: its trade bill, whole. It is there from ten in the morning of the next day, for
 * three months. Throws if it can't be read, or is not what WeChat Pay said that it is.
 */
export async function statement(line: Line, day: string): Promise<StatementPage> {
  const asked = new URLSearchParams({ bill_date: day, bill_type: "ALL" });
  const answer = await exchange(line, { method: "GET", path: `/v3/bill/tradebill?${asked.toString()}` });
  if (answer.kind !== "answered") throw new Error(`no statement of ${day}: ${answer.reason}`);
  // Nobody paid, and nothing went back.
  if (reasonIn(answer.value) === "no_statement_exist") return { lines: [] };
  const bill = billSchema.safeParse(answer.value);
  if (answer.status !== 200 || !bill.success)
    throw new Error(`no statement of ${day}: ${reasonIn(answer.value) ?? "unreadable_answer"}`);
  return { lines: await download(line, bill.data) };
}

/** The file itself is not signed. Its hash is, in the answer that names it. */
async function download(line: Line, bill: { download_url: string; hash_value: string }): Promise<StatementLine[]> {
  const { pathname, search } = new URL(bill.download_url);
  const sent = await sendSigned(line, { method: "GET", path: `${pathname}${search}` });
  if (sent.kind !== "answered") throw new Error(`the bill did not come: ${sent.reason}`);
  const read = await readBytes(sent.response, MOST_BYTES);
  if (!read.ok) throw new Error(`the bill did not come: ${read.reason}`);
  if (createHash("sha1").update(read.bytes).digest("hex") !== bill.hash_value.toLowerCase())
    throw new Error("the bill is not the one that was announced");
  return linesOf(read.bytes.toString("utf8"));
}
