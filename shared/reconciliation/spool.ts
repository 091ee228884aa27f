import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { LIMITS } from "../kernel/limits.ts";
import { BrokenStatement, type StatementRow } from "../payments/statement-contract.ts";

/** Rows of one packed part: a megabyte or so, and a sixth of that packed. */
const ROWS_PER_PART = 5_000;

/**
 * Holds a statement as it was read, packed: some thirty bytes a line. It is gone through several times, and counts only when it has come
 * to its end, because a file's hash is known only then.
 */
export class Spool {
  private readonly parts: Buffer[] = [];
  private readonly digest = createHash("sha256");
  private open: string[] = [];
  private bytes = 0;

  add(row: StatementRow): void {
    const line = JSON.stringify(row);
    this.digest.update(line).update("\n");
    this.open.push(line);
    if (this.open.length === ROWS_PER_PART) this.pack();
  }

  /** Names what was read: the same rows in the same order have one name. */
  end(): string {
    if (this.open.length > 0) this.pack();
    return this.digest.digest("hex");
  }

  get packed(): readonly Buffer[] {
    return this.parts;
  }

  *rows(): Generator<StatementRow> {
    for (const part of this.parts)
      for (const line of gunzipSync(part).toString("utf8").split("\n")) yield JSON.parse(line) as StatementRow;
  }

  private pack(): void {
    const part = gzipSync(this.open.join("\n"));
    this.bytes += part.byteLength;
    if (this.bytes > LIMITS.statementBytes) throw new BrokenStatement("statement_too_large");
    this.parts.push(part);
    this.open = [];
  }
}
