/**
 * Names that people type or copy, and that we compare: of a customer, an account, a campaign. Characters that nobody
 * can see must not make two names of one.
 */

/**
 * Characters that take no place on a screen: soft hyphens, zero-width characters, marks of direction, byte order
 * marks, variation selectors.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;
const CONTROL = /\p{Cc}/u;
/**
 * The same without the joiners of Indic and Persian letters and of emoji, and the selectors between an emoji and a
 * sign: these change what is seen.
 */
const UNSEEN = String.raw`[[\p{Default_Ignorable_Code_Point}\p{Cf}]--[\u200C\u200D\uFE0E\uFE0F]]`;
const HAS_UNSEEN = new RegExp(UNSEEN, "v");
const AT_THE_ENDS = new RegExp(`^(?:\\s|${UNSEEN})+|(?:\\s|${UNSEEN})+$`, "gv");

/**
 * Gives the form of a customer's name that we compare by: without spaces, capitals, widths of letters and invisible
 * characters (Unicode NFKC with case folding). `Jo Anna` and `joanna` are the same. Pure, and idempotent.
 */
export function oneName(text: string): string {
  let name = text;
  // Folding may make characters that can be composed once more. Two turns are enough for all of Unicode today.
  for (let turn = 0; turn < 4; turn++) {
    const next = foldOnce(name);
    if (next === name) return name;
    name = next;
  }
  return name;
}

function foldOnce(text: string): string {
  const visible = text.normalize("NFKC").replaceAll(INVISIBLE, "").replaceAll(/\s/gu, "");
  // Upper case first: ß and SS, and ς and σ, become one letter only by way of their capitals.
  return visible.toUpperCase().toLowerCase().normalize("NFKC");
}

/** Tells whether a text can be a name: it has visible characters, and no control characters. */
export function isName(text: string): boolean {
  return text.isWellFormed() && !CONTROL.test(text) && oneName(text) !== "";
}

/** Removes spaces and invisible characters at both ends, which copying leaves there. */
export const trimmed = (text: string): string => text.replaceAll(AT_THE_ENDS, "");

/**
 * Tells whether a text has characters that nobody can see. Somebody copied them by mistake, and the other side would
 * not find the account.
 */
export function hasUnseen(text: string): boolean {
  return !text.isWellFormed() || CONTROL.test(text) || HAS_UNSEEN.test(text);
}
