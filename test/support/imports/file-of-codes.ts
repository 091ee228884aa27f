import type { ImportLine } from "../../../shared/stock-files/code-line.ts";
import { Layout } from "../../../shared/stock-files/layout.ts";
import { readCodes } from "../../../shared/stock-files/read-codes.ts";
import type { RefusedLine } from "../../../shared/stock-files/refusals.ts";
import { NOW } from "../orders/order-fixtures.ts";

/** What the text of a file gives: codes, and lines that were refused. */
export async function read(
  text: string,
  layout: object = {},
): Promise<{ lines: ImportLine[]; refused: RefusedLine[] }> {
  const file = await readCodes(text, Layout.parse(layout), NOW);
  if (!file.ok) throw new Error(file.detail);
  return file.value;
}
