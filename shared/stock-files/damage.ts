import type { RefusalReason } from "./refusals.ts";

const MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)";

/** What a spreadsheet or a database leaves where a code was. The sign behind the E is its own: `12E34` may be a code. */
const damages: readonly (readonly [RefusalReason, RegExp])[] = [
  ["scientific_number", /^[+-]?(?:\d(?:[.,]\d+)?E[+-]\d{1,3}|\d[.,]\d+E\d{1,3})$/i],
  ["formatted_number", /^[+-]?(?:\d+[.,]0+|\d{1,3}(?:,\d{3})+(?:\.\d+)?)$/],
  // A double has fifteen digits that are sure: Excel writes zeros for all others.
  ["rounded_number", /^[+-]?[1-9]\d{14}0+$/],
  ["date_for_code", new RegExp(`^(?:\\d{1,2}-${MONTH}(?:-\\d{2,4})?|${MONTH}-\\d{2,4})$`, "i")],
  [
    "error_value",
    /^(?:#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NULL!|NUM!|SPILL!|CALC!|FIELD!|GETTING_DATA|#+)|Err:\d{3})$/i,
  ],
  ["placeholder", /^(?:null|\(null\)|<null>|\\N|nil|none|nan|undefined|n\/a|true|false|-+|无|空)$/i],
  ["leading_apostrophe", /^['\u2018\u2019]/],
  ["formula", /^=/],
];

/** What has damaged this cell, if anything has. */
export function damageOf(cell: string): RefusalReason | undefined {
  return damages.find(([, pattern]) => pattern.test(cell))?.[0];
}

/** `="0123"` is how an export tells a spreadsheet that digits are a text. Its quotes stand where none may. */
export function hasQuotedFormula(text: string, delimiter: string): boolean {
  return text.split(delimiter).some((cell) => /^\s*="/.test(cell));
}
