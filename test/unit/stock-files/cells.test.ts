import { parse } from "csv-parse/sync";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cut } from "../../../shared/stock-files/cells.ts";
import { read } from "../../support/imports/file-of-codes.ts";

describe("a quoted code of several lines", () => {
  it("is refused with all its lines, and the next one is read", async () => {
    const { lines, refused } = await read('secret\nFIRST\n"LINE-ONE\nLINE-TWO\n\nLINE-""THREE"\n"LAST"\n');
    expect(lines.map(({ secret }) => secret)).toEqual(["FIRST", "LAST"]);
    expect(refused).toEqual([
      { line: 3, reason: "quote_not_closed" },
      { line: 4, reason: "within_quotes" },
      { line: 6, reason: "within_quotes" },
    ]);
  });

  it("whose quote never closes takes no line behind it for a code, and tells each of them", async () => {
    const { lines, refused } = await read('secret\nFIRST\n"OPEN\nPIECE\nREST\n');
    expect(lines.map(({ secret }) => secret)).toEqual(["FIRST"]);
    expect(refused.map(({ line }) => line)).toEqual([3, 4, 5]);
  });

  it("never gives a piece of itself, whatever it is made of", async () => {
    const piece = fc
      .array(fc.constantFrom("A", ",", '"', " ", "\n"), { maxLength: 12 })
      .map((letters) => letters.join(""));
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 5 }), async (codes) => {
        const { lines } = await read(["secret", ...codes.map(quoted), ""].join("\n"));
        for (const { secret } of lines) expect(codes.map((code) => code.trim())).toContain(secret);
      }),
      { numRuns: 1_000 },
    );
  });
});

function byLibrary(text: string, delimiter: string): string[] | undefined {
  try {
    // It leaves spaces within quotes: nobody sees them either.
    return (parse(text, { trim: true, delimiter })[0] ?? [""]).map((cell) => cell.trim());
  } catch {
    return undefined;
  }
}

describe("a separator that the operator names", () => {
  const accounts = { delimiter: "----", header: false, columns: { number: 0, secret: 1 } };

  it("parts an account from its password", async () => {
    const { lines } = await read('anna@example.org----S3cret!\nbob----p"q\n', { ...accounts, quotes: false });
    expect(lines).toMatchObject([
      { number: "anna@example.org", secret: "S3cret!" },
      { number: "bob", secret: 'p"q' },
    ]);
  });

  it.each([
    ["unclear_separator", "anna-----secret"],
    ["unclear_separator", "anna--------"],
    ["wrong_columns", "anna"],
    ["unnamed_column", "anna----secret----more"],
  ])("refuses as %s what it parts otherwise: %s", async (reason, line) => {
    expect((await read(line, accounts)).refused).toEqual([{ line: 1, reason }]);
  });

  it("is unclear too where two of them overlap and are not one character", async () => {
    const by = { delimiter: "-=-", header: false, columns: { number: 0, secret: 1 } };
    expect(await read("anna-=-=-secret\nbob-=-secret\n", by)).toMatchObject({
      refused: [{ line: 1, reason: "unclear_separator" }],
      lines: [{ number: "bob", secret: "secret" }],
    });
  });

  it("may stand within quotes, and takes no space around it along", async () => {
    expect((await read('"anna" ---- "S----T"\n', accounts)).lines).toMatchObject([
      { number: "anna", secret: "S----T" },
    ]);
  });

  /** The library opens a cell a second time that was quoted and empty, and takes both for one. We refuse the line. */
  const REOPENED = /""[ \t\f]+"/;

  it("refuses a quote behind an empty quoted cell, which the library takes", () => {
    expect(byLibrary('"" ""', ",")).toEqual([""]);
    expect(cut('"" ""', { delimiter: ",", quotes: true, literal: false }).cells).toBeUndefined();
  });

  it("cuts a line as the CSV library does, and refuses what it refuses", async () => {
    const letters = fc.constantFrom("A", " ", "-", ":", "\t", '"');
    const plain = fc.array(letters, { maxLength: 5 }).map((some) => some.join(""));
    const quoted = plain.map((text) => `"${text.trim().replaceAll('"', '""')}"`);
    const cell = fc.oneof(plain, quoted);
    const delimiter = fc.constantFrom("----", "::", "|", ",", "\t");
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 4 }), delimiter, async (cells, by) => {
        const text = cells.join(by);
        fc.pre(!REOPENED.test(text));
        expect(cut(text, { delimiter: by, quotes: true, literal: false }).cells).toEqual(byLibrary(text, by));
      }),
      { numRuns: 2_000 },
    );
  });
});
