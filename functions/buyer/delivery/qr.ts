import { encode } from "uqr";
import { LIMITS } from "../../../shared/kernel/limits.ts";

/** A QR code: its modules as the path of an SVG, one unit each, with the white margin that readers need. */
export type QrCode = { size: number; path: string };

/** White modules around it, as the standard asks for (ISO/IEC 18004, 9.1). */
const MARGIN = 4;

/** Draws a text as a QR code of level M. Undefined: the text is too long to be read from a screen. */
export function qrOf(text: string): QrCode | undefined {
  if (Buffer.byteLength(text) > LIMITS.qrBytes) return undefined;
  const { size, data } = encode(text, { ecc: "M", border: MARGIN });
  return { size, path: data.map((row, y) => runsOf(row, y)).join("") };
}

/** Writes the dark runs of a row as strokes: `M` to the first, then `h` over dark and `m` over light modules. */
function runsOf(row: readonly boolean[], y: number): string {
  let path = "";
  let at = 0;
  while (at < row.length) {
    const from = row.indexOf(true, at);
    if (from < 0) break;
    const end = row.indexOf(false, from);
    const to = end < 0 ? row.length : end;
    path += path === "" ? `M${from} ${y}.5` : `m${from - at} 0`;
    path += `h${to - from}`;
    at = to;
  }
  return path;
}
