import type { Writing } from "./writing.ts";

/** A form's proof that a one-time code was typed, where one was needed. */
export function Proof({ writing: { proof } }: { writing: Writing }) {
  return proof === undefined ? null : <input type="hidden" name="proof" value={proof} />;
}
