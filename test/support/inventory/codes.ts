import { randomBytes } from "node:crypto";

/** Codes that nobody can confuse with anything: the secrecy scan looks for this mark, plain and encoded. */
export const CODE_MARK = "VSTEST";

export function makeCodes(count: number): string[] {
  return Array.from({ length: count }, () => `${CODE_MARK}-${randomBytes(9).toString("hex").toUpperCase()}`);
}
