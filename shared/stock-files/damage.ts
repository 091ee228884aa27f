import type { RefusalReason } from "./refusals.ts";

/** Months as spreadsheets shorten them, in the most frequent languages of exports. */
const MONTH =
  "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mrz|mär|mai|okt|dez|janv|févr|mars|avr|juin|juil|août|sept|déc|ene|abr|ago|dic)\\.?";
const TIME = String.raw`(?: \d{1,2}:\d\d(?::\d\d)?)?`;
/**
 * Days with a year of four digits, because `1-2-3` may be a code. Spreadsheets write them with slashes, points or
 * hyphens.
 */
const DAY = String.raw`(?:(?:19|20)\d\d([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:19|20)\d\d|(?:\d{4}年)?\d{1,2}月(?:\d{1,2}[日号])?)`;

/**
 * Patterns of what a spreadsheet or a database leaves in place of a code. The sign behind the E is needed: `12E34` may
 * be a code.
 */
const damages: readonly (readonly [RefusalReason, RegExp])[] = [
  ["scientific_number", /^[+-]?(?:\d{1,3}(?:[.,]\d+)?E[+-]\d{1,3}|\d[.,]\d+E\d{1,3})$/i],
  ["formatted_number", /^[+-]?(?:\d+[.,]0+|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?)$/],
  // A double keeps fifteen digits; Excel writes zeros for the others.
  ["rounded_number", /^[+-]?[1-9]\d{14}0+$/],
  ["date_for_code", new RegExp(`^(?:\\d{1,2}(?:-|\\. ?)${MONTH}(?:[-. ]\\d{2,4})?|${MONTH}[- ]\\d{2,4})$`, "i")],
  ["date_for_code", new RegExp(`^${DAY}${TIME}$`)],
  [
    "error_value",
    /^(?:#(?:N\/A|NV|N\/D|NAME\?|GETTING_DATA|(?:REF|VALUE|DIV\/0|NULL|NUM|SPILL|CALC|FIELD|ERROR|BLOCKED|BUSY|CONNECT|UNKNOWN|EXTERNAL|PYTHON|TIMEOUT|BEZUG|WERT|ZAHL)!|#+)|Err:\d{3})$/i,
  ],
  [
    "placeholder",
    /^(?:null|[(<[]null[)>\]]|\\N|nil|none|nan|nat|undefined|<?na>?|n\/a|true|false|[-–—/?？.]+|无|空|暂无|没有)$/i,
  ],
  ["leading_apostrophe", /^['\u2018\u2019\uFF07]/],
  // Chinese payment services put this before long digits, for the same reason.
  ["leading_apostrophe", /^[`´]\d+$/],
  ["formula", /^=/],
];

/** Says what has damaged this cell. Undefined: nothing has. */
export function damageOf(cell: string): RefusalReason | undefined {
  return damages.find(([, pattern]) => pattern.test(cell))?.[0];
}

/**
 * Tells whether a line has a quoted formula: by `="0123"` an export tells a spreadsheet that digits are a text. Its
 * quotes stand where none may.
 */
export function hasQuotedFormula(text: string, delimiter: string): boolean {
  return text.split(delimiter).some((cell) => /^\s*="/.test(cell));
}
