import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { read } from "../../support/imports/file-of-codes.ts";

describe("what a person can't see is never part of a code", () => {
  it.each([
    ["a zero width space", "AA\u200BA", "U+200B zero width space"],
    ["a soft hyphen", "AA\u00ADA", "U+00AD soft hyphen"],
    ["a mark of direction", "AAA\u200E", "U+200E left-to-right mark"],
    ["a byte order mark inside", "\uFEFFAAA", "U+FEFF byte order mark"],
    ["a space that does not break", "AA\u00A0A", "U+00A0 no-break space"],
    ["an ideographic space at its end", "AAA\u3000", "U+3000 ideographic space"],
    ["a variation selector", "AA\uFE0EA", "U+FE0E"],
    ["a tag", "AA\u{E0041}A", "U+E0041"],
    ["a word joiner", "AA\u2060A", "U+2060 word joiner"],
    ["a Hangul filler", "AA\u3164A", "U+3164 Hangul filler"],
    ["a line separator", "AA\u2028A", "U+2028 line separator"],
    ["a note without a head", "AA\u{1D159}A", "U+1D159"],
    ["a gap between hieroglyphs", "AA\u{13441}A", "U+13441"],
  ])("a code with %s is refused by the character's name, also as it stands", async (_what, secret, character) => {
    for (const layout of [{}, { literal: true }]) {
      const refusal = { line: 2, reason: "invisible_character", character };
      expect(await read(`secret\n${secret}\nFINE\n`, layout)).toMatchObject({
        refused: [refusal],
        lines: [{ line: 3 }],
      });
      expect((await read(`secret,number\nFINE,${secret}\n`, layout)).refused).toEqual([refusal]);
    }
  });

  it("so no two codes that come in look the same and are not", async () => {
    const letter = fc.constantFrom(
      "A",
      "B",
      "é",
      "e\u0301",
      "\u200B",
      "\u00AD",
      "\u2060",
      "\uFEFF",
      "\u202E",
      " ",
      "\u00A0",
    );
    const secret = fc.array(letter, { minLength: 1, maxLength: 5 }).map((letters) => letters.join(""));
    await fc.assert(
      fc.asyncProperty(fc.array(secret, { minLength: 1, maxLength: 6 }), async (secrets) => {
        const { lines } = await read(["secret", ...secrets].join("\n"));
        for (const { secret } of lines) expect(secret).toMatch(/^[AB\p{L}\p{M} ]+$/u);
      }),
    );
  });
});
