/** How a line is cut into cells. */
export type Cutting = { delimiter: string; quotes: boolean; literal: boolean };

/**
 * The cells of a line, without spaces around them. Undefined: its quotes are wrong. `isOpen`: a quote is open at its
 * end.
 */
export type Cut = { cells: string[] | undefined; isOpen: boolean };

const AROUND = /^[ \t\f]+|[ \t\f]+$/g;
const trimmed = (cell: string): string => cell.replace(AROUND, "");

/**
 * Cuts a line of a CSV file (RFC 4180). A cell that begins with a quote ends at the next quote before a delimiter or
 * the line's end. This code is our own: the library takes invisible characters around a cell for spaces and drops them,
 * and it can't read a line whose quote an earlier line has opened.
 */
export function cut(text: string, { delimiter, quotes, literal }: Cutting, wasOpen = false): Cut {
  if (!quotes || !text.includes('"'))
    return wasOpen ? { cells: undefined, isOpen: true } : { cells: text.split(delimiter).map(trimmed), isOpen: false };
  const cells: string[] = [];
  let isWhole = !wasOpen;
  let isOpen = wasOpen;
  let value = "";
  const done = (): Cut => ({ cells: isWhole ? cells : undefined, isOpen: false });
  for (let at = 0; ; ) {
    if (!isOpen) {
      const from = behindSpaces(text, delimiter, at);
      isOpen = text[from] === '"';
      if (isOpen) {
        at = from + 1;
        value = "";
        continue;
      }
      const next = text.indexOf(delimiter, at);
      const cell = trimmed(text.slice(at, next === -1 ? undefined : next));
      isWhole &&= literal || !cell.includes('"');
      cells.push(cell);
      if (next === -1) return done();
      at = next + delimiter.length;
      continue;
    }
    const quote = text.indexOf('"', at);
    if (quote === -1) return { cells: undefined, isOpen };
    value += text.slice(at, quote);
    const behind = behindSpaces(text, delimiter, quote + 1);
    const isEnd = behind >= text.length;
    if (text[quote + 1] === '"') {
      value += '"';
      at = quote + 2;
    } else if (isEnd || text.startsWith(delimiter, behind)) {
      cells.push(trimmed(value));
      if (isEnd) return done();
      isOpen = false;
      at = behind + delimiter.length;
    } else {
      // A quote within quotes that is not written twice: nobody can say where the cell ends.
      isWhole = false;
      at = quote + 1;
    }
  }
}

function behindSpaces(text: string, delimiter: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\f".includes(text[at] ?? "") && !text.startsWith(delimiter, at)) at++;
  return at;
}

/** Tells whether separators overlap: in `a-----b` nobody can say where `----` begins, nor in `a-=-=-b`. */
export function isUnclear(text: string, delimiter: string): boolean {
  if (delimiter.length === 1) return false;
  let last = Number.NEGATIVE_INFINITY;
  for (let at = text.indexOf(delimiter); at !== -1; at = text.indexOf(delimiter, at + 1)) {
    if (at - last < delimiter.length) return true;
    last = at;
  }
  return false;
}
