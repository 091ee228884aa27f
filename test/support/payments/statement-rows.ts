import type { StatementDesk, StatementLine, StatementRow } from "../../../shared/payments/statement-contract.ts";

/** All rows of what comes one by one. */
export async function allRows(rows: AsyncIterable<StatementRow>): Promise<StatementRow[]> {
  const all: StatementRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

/** The lines among rows. */
export const linesIn = (rows: readonly StatementRow[]): StatementLine[] =>
  rows.flatMap((row) => (row.row === "line" ? [row.line] : []));

/** Reads a provider's statement of a day, whole. Throws if there is none. */
export async function statementOn(desk: StatementDesk | undefined, day: string): Promise<StatementRow[]> {
  const said = await desk?.read(day);
  if (said?.kind !== "statement")
    throw new Error(`there is no statement: ${said?.kind} ${said?.kind === "unknown" ? said.reason : ""}`);
  return allRows(said.rows);
}
