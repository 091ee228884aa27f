/** Every reason why a line gives no code, and a sentence for the operator who has to correct it. The list is closed. */
const sentences = {
  wrong_columns: "The line has fewer columns than it needs, or something behind the last column that has a name.",
  unnamed_column: "The line has something in a column that was not named: name the column, or ignore it (--ignore).",
  unclear_separator: "The separator runs on, so it is unclear where one part of the line ends and the next one begins.",
  bad_quotes: "A quote stands where none may: within quotes write it twice.",
  quote_not_closed: "A quote opens on this line and does not close on it. A code of several lines is not taken.",
  within_quotes: "The line lies within quotes that an earlier line has opened: it may be a piece of a code.",
  bad_json: "The line is not a JSON object with texts or numbers in the named fields.",
  field_twice: "The line has one field twice: nobody can say which one is meant.",
  header_again: "The line is the header once more, as where files were joined.",
  secret_missing: "The line has no code.",
  number_missing:
    "The column of the number was named and is empty here (--empty-numbers takes the code without a number).",
  secret_too_long: "Code and number together have more than 1,024 bytes.",
  control_characters: "Code or number has a control character, such as a tab.",
  invisible_character: "Code or number has a character that nobody can see: `character` says which one.",
  not_utf8: "The line has bytes that are no characters in this encoding: name the file's encoding (--encoding).",
  scientific_number:
    "A spreadsheet has shortened a long number, as in 1.23457E+15: its digits are lost (--literal takes it).",
  rounded_number:
    "A number of more than fifteen digits ends in zeros, as a spreadsheet leaves a number that it has rounded (--literal takes it).",
  formatted_number: "A spreadsheet has formatted a number, as in 123.0 or 1,234,567 (--literal takes it).",
  date_for_code: "A spreadsheet has made a date of a code, as in 1-Mar or 2001/3/1 (--literal takes it).",
  error_value: "The cell holds a spreadsheet's error, such as #N/A or #REF! (--literal takes it).",
  placeholder: "The cell holds a word for nothing, such as NULL or N/A (--literal takes it).",
  leading_apostrophe: "The cell begins with the apostrophe by which spreadsheets mark a text (--literal takes it).",
  formula: 'The cell holds a formula, as in ="0123" (--literal takes it).',
  bad_date: "The expiry is not a date, or a day that no calendar has.",
  date_notation: "The expiry is not written as 2027-12-31: say how the file writes its dates (--dates).",
  time_without_zone: "The expiry has a time and no time zone: say by which clock days end (--day-ends +08:00).",
  expired: "The code has expired.",
  too_many_expiries: "The file, or this part of it, has more than twenty different expiries: split it.",
  duplicate_in_file: "The same code stands further up in the file.",
  duplicate: "The product has this code already.",
  in_other_product: "Another product has this code already: `productId` says which one.",
  after_import: "This file was imported before, and the line was read differently then: put it into a file of its own.",
} as const;

export type RefusalReason = keyof typeof sentences;
export const refusalReasons = Object.keys(sentences) as [RefusalReason, ...RefusalReason[]];

/** A line that gave no code. `character`: the invisible one. `productId`: the product that has the code. */
export type RefusedLine = { line: number; reason: RefusalReason; character?: string; productId?: string };

/** Gives the sentence of each reason for which these lines were refused. */
export function sentencesFor(refused: readonly RefusedLine[]): Partial<Record<RefusalReason, string>> {
  return Object.fromEntries([...new Set(refused.map(({ reason }) => reason))].map((one) => [one, sentences[one]]));
}
