/** How Alipay writes amounts, times and titles. Pure. */

/** Alipay takes from 0.01 to 100,000,000.00 yuan. */
const LARGEST_FEN = 100_000_000_00;

/** Writes fen as yuan with two decimals. Undefined for an amount that Alipay takes no payment of. */
export function yuanOf(fen: number): string | undefined {
  if (!Number.isSafeInteger(fen) || fen < 1 || fen > LARGEST_FEN) return undefined;
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, "0")}`;
}

/** Reads yuan as fen, by its digits and exactly. Undefined for what is no amount, or has a part of a fen. */
export function fenOf(yuan: unknown): number | undefined {
  const [, whole, fraction = ""] = /^(\d{1,11})(?:\.(\d{1,2}))?$/.exec(String(yuan)) ?? [];
  return whole === undefined ? undefined : Number(whole + fraction.padEnd(2, "0"));
}

/** Alipay's clock stands in Shanghai, which is eight hours ahead of UTC all year. */
const AHEAD_MS = 8 * 3600 * 1000;

/** Writes a moment as Alipay's `yyyy-MM-dd HH:mm:ss`. A part of a second is cut off, so it is never later than the moment. */
export const alipayTime = (at: Date): string =>
  new Date(at.getTime() + AHEAD_MS).toISOString().slice(0, 19).replace("T", " ");

/** Reads Alipay's time as RFC 3339 UTC. Undefined if it is none. */
export function momentOf(time: unknown): string | undefined {
  if (typeof time !== "string" || !/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,3})?$/.test(time)) return undefined;
  const ms = Date.parse(`${time.replace(" ", "T")}+08:00`);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** Alipay's limit is 256 bytes in GBK: 128 Chinese characters. */
const TITLE_CHARACTERS = 128;

/**
 * Makes a title as a bill can show it: Alipay refuses `/`, `=`, `&` and other signs, its old systems know no emoji, and a comma ends a cell
 * of its bills. What is left of nothing is `otherwise`.
 */
export function titleOf(text: string | undefined, otherwise: string): string {
  const plain = (text ?? "").replace(/[^\p{L}\p{M}\p{N}\p{P}×+]|[/&%\\"'<>,]/gu, " ").replace(/ +/g, " ");
  const title = Array.from(plain.trim()).slice(0, TITLE_CHARACTERS).join("").trim();
  return title === "" ? otherwise : title;
}
