/** Names of invisible characters that are found in files. Others are told by their number. */
const names: Readonly<Record<number, string>> = {
  0xa0: "no-break space",
  0xad: "soft hyphen",
  0x34f: "grapheme joiner",
  0x61c: "Arabic letter mark",
  0x115f: "Hangul filler",
  0x1160: "Hangul filler",
  0x180e: "vowel separator",
  0x2003: "em space",
  0x2007: "figure space",
  0x2009: "thin space",
  0x200b: "zero width space",
  0x200c: "zero width non-joiner",
  0x200d: "zero width joiner",
  0x200e: "left-to-right mark",
  0x200f: "right-to-left mark",
  0x2028: "line separator",
  0x2029: "paragraph separator",
  0x202a: "left-to-right embedding",
  0x202b: "right-to-left embedding",
  0x202c: "end of direction",
  0x202d: "left-to-right override",
  0x202e: "right-to-left override",
  0x202f: "narrow no-break space",
  0x2060: "word joiner",
  0x2066: "left-to-right isolate",
  0x2067: "right-to-left isolate",
  0x2068: "first strong isolate",
  0x2069: "pop directional isolate",
  0x2800: "braille blank",
  0x3000: "ideographic space",
  0x3164: "Hangul filler",
  0xfe0f: "variation selector",
  0xfeff: "byte order mark",
  0xffa0: "Hangul filler",
};

/**
 * Matches characters that leave no mark on a screen: format characters, whatever Unicode lets a screen ignore, every
 * space but the ordinary one, separators, and numbers that will never be characters. U+2800 is an empty braille cell,
 * U+1D159 a note without a head, and U+13441 and U+13442 are gaps between hieroglyphs.
 */
const UNSEEN = String.raw`(?! )[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u2800\u{1D159}\u{13441}\u{13442}]`;
const INVISIBLE = new RegExp(UNSEEN, "u");
const BLANK = new RegExp(`^(?:[ \\t\\f]|${UNSEEN})*$`, "u");

/**
 * How a refusal names a character: its number, and its name if we know one. It is short, because a segment's refusals
 * must fit into an item.
 */
export const CHARACTER = /^U\+[0-9A-F]{4,6}( [A-Za-z -]{1,23})?$/;

/** Tells whether a person sees nothing: only spaces, tabs and invisible characters, or no text at all. */
export const isBlank = (text: string): boolean => BLANK.test(text);

/** Finds the first invisible character of a text and names it, such as `U+200B zero width space`. */
export function invisibleIn(text: string): string | undefined {
  const found = INVISIBLE.exec(text)?.[0].codePointAt(0);
  if (found === undefined) return undefined;
  const number = `U+${found.toString(16).toUpperCase().padStart(4, "0")}`;
  const name = names[found];
  return name === undefined ? number : `${number} ${name}`;
}
