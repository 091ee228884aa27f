/**
 * Names that people type or copy, and that we compare: for a customer, for an account, for a campaign. What nobody can see must
 * not make two names of one.
 */

/** Soft hyphens, zero-width characters, marks of direction, byte order marks, variation selectors: they take no place on a screen. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;
const CONTROL = /\p{Cc}/u;
/** The joiners of Indic and Persian letters and of emoji, and what chooses between an emoji and a sign, change what is seen. */
const UNSEEN = String.raw`[[\p{Default_Ignorable_Code_Point}\p{Cf}]--[\u200C\u200D\uFE0E\uFE0F]]`;
const HAS_UNSEEN = new RegExp(UNSEEN, "v");
const AT_THE_ENDS = new RegExp(`^(?:\\s|${UNSEEN})+|(?:\\s|${UNSEEN})+$`, "gv");

/**
 * The one name of a customer, whatever its spaces, capitals, widths of letters and invisible characters (Unicode NFKC with case
 * folding). It is for comparing only: `Jo Anna` and `joanna` are the same. Pure, and the same again when it is applied twice.
 */
export function oneName(text: string): string {
  let name = text;
  // Folding may make what can be composed once more: two turns are enough for all of Unicode, the others are for what comes.
  for (let turn = 0; turn < 4; turn++) {
    const next = foldOnce(name);
    if (next === name) return name;
    name = next;
  }
  return name;
}

function foldOnce(text: string): string {
  const visible = text.normalize("NFKC").replaceAll(INVISIBLE, "").replaceAll(/\s/gu, "");
  // Upper case first: ß and SS, ς and σ are one letter each only by way of their capitals.
  return visible.toUpperCase().toLowerCase().normalize("NFKC");
}

/** Is there something to compare by, and nothing that can't be part of a name? */
export function isName(text: string): boolean {
  return text.isWellFormed() && !CONTROL.test(text) && oneName(text) !== "";
}

/** Without the spaces and invisible characters around it, which copying leaves there. */
export const trimmed = (text: string): string => text.replaceAll(AT_THE_ENDS, "");

/** Has it characters inside that nobody can see? They were not meant, and the other side would not find the account. */
export function hasUnseen(text: string): boolean {
  return !text.isWellFormed() || CONTROL.test(text) || HAS_UNSEEN.test(text);
}
