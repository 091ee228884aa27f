import * as z from "zod";
import { baseOf } from "../../suppliers/call.ts";
import { discard, send } from "../../suppliers/exchange.ts";
import type { ProviderSettings } from "../contract.ts";
import {
  BrokenStatement,
  STATEMENT_KINDS,
  type StatementDesk,
  type StatementOutcome,
  type StatementRow,
} from "../statement-contract.ts";
import { bodyOf, FILE_MS, linesOf, rowReader } from "../statement-file.ts";
import { authorizationOf } from "./client.ts";
import type { SimulatedSecrets } from "./start.ts";

const COLUMNS = {
  kind: ["kind"],
  name: ["reference"],
  externalId: ["id"],
  amount: ["amount"],
  fee: ["fee"],
  currency: ["currency"],
  at: ["at"],
} as const;

const Line = z.object({
  kind: z.enum(STATEMENT_KINDS),
  name: z.string().min(1).max(64),
  externalId: z.string().min(1).max(64),
  amount: z.stringFormat("amount", /^-?\d{1,15}$/).transform(Number),
  fee: z.stringFormat("fee", /^-?\d{1,12}\.\d{3}$/),
  currency: z.stringFormat("currency", /^[A-Z]{3}$/),
  at: z.iso.datetime(),
});

/** The simulated provider's books: a file of lines a day, by UTC. Its last lines say how much it holds, and how many lines there are. */
export const simulatedStatements = (settings: ProviderSettings, credentials: SimulatedSecrets): StatementDesk => ({
  zone: "UTC",
  readyAfterHours: 1,
  async read(day): Promise<StatementOutcome> {
    const url = `${baseOf(settings.baseUrl)}/v1/statements/${day}`;
    const sent = await send({ method: "GET", url, headers: { authorization: authorizationOf(credentials) } }, FILE_MS);
    if (sent.kind !== "answered") return { kind: "unknown", reason: sent.reason };
    const { response } = sent;
    if (response.status === 200) return { kind: "statement", rows: rowsIn(linesOf(bodyOf(response))) };
    await discard(response);
    return response.status === 404 ? { kind: "none" } : { kind: "unknown", reason: `http_${response.status}` };
  },
});

async function* rowsIn(lines: AsyncIterable<string>): AsyncGenerator<StatementRow> {
  let rowOf: ((cells: string[]) => Record<keyof typeof COLUMNS, string> | undefined) | undefined;
  let number = 0;
  for await (const line of lines) {
    const cells = line.split(",");
    const [first, ...rest] = cells;
    number++;
    if (first === "#closing") yield { row: "closing", currency: rest[0] ?? "", amount: Number(rest[1]) };
    else if (first === "#lines") {
      // The head and the balances are no lines of it.
      if (Number(rest[0]) !== number - 1) break;
      return;
    } else if (rowOf === undefined) rowOf = rowReader(cells, COLUMNS);
    else yield rowFor(Line.safeParse(rowOf(cells)), number);
  }
  throw new BrokenStatement("cut_off");
}

function rowFor({ data }: z.ZodSafeParseResult<z.infer<typeof Line>>, number: number): StatementRow {
  if (data === undefined) return { row: "unreadable", number, reason: "unreadable_line" };
  const { fee, ...line } = data;
  return { row: "line", line: { ...line, feeThousandths: Math.round(Number(fee) * 1_000) } };
}
