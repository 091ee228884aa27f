import { parse } from "csv-parse/sync";
import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { NEVER } from "../../../shared/inventory/model.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { cut } from "../../../shared/stock-files/cells.ts";
import type { ImportLine } from "../../../shared/stock-files/code-line.ts";
import { invisibleIn } from "../../../shared/stock-files/invisible.ts";
import { Layout } from "../../../shared/stock-files/layout.ts";
import { readCodes } from "../../../shared/stock-files/read-codes.ts";
import {
  type RefusalReason,
  type RefusedLine,
  refusalReasons,
  sentencesFor,
} from "../../../shared/stock-files/refusals.ts";
import { NOW } from "../../support/order-fixtures.ts";
import { counterexampleOf } from "../../support/properties.ts";

type Codes = { lines: ImportLine[]; refused: RefusedLine[] };

async function read(text: string, layout: object = {}): Promise<Codes> {
  const file = await readCodes(text, Layout.parse(layout), NOW);
  if (!file.ok) throw new Error(file.detail);
  return file.value;
}

const refusedBy = async (text: string): Promise<unknown> => {
  const file = await readCodes(text, Layout.parse({}), NOW);
  return file.ok ? [] : file.errors?.map(({ message }) => message);
};

describe("a file of codes", () => {
  it("gives each line's secret, number and last moment of validity", async () => {
    const file = "secret,number,expiresAt\nAAAA,1,2027-01-31\nBBBB,,\nCCCC,3,2026-12-31T10:00:00+08:00\n";
    expect(await read(file)).toEqual({
      refused: [],
      lines: [
        { line: 2, secret: "AAAA", number: "1", expiresAt: "2027-01-31T23:59:59.999Z" },
        { line: 3, secret: "BBBB", number: undefined, expiresAt: NEVER },
        { line: 4, secret: "CCCC", number: "3", expiresAt: "2026-12-31T02:00:00.000Z" },
      ],
    });
  });

  it.each([
    ["Windows line ends", "secret\r\nAAAA\r\nBBBB\r\n"],
    ["a byte order mark", "\uFEFFsecret\nAAAA\nBBBB\n"],
    ["no line end at its end", "secret\nAAAA\nBBBB"],
    ["spaces around", " secret \n AAAA\nBBBB  \n"],
    ["quotes", '"secret"\n"AAAA"\n"BBBB"\n'],
  ])("may have %s", async (_what, text) => {
    expect((await read(text)).lines.map(({ secret }) => secret)).toEqual(["AAAA", "BBBB"]);
  });

  it("may quote commas and quotes within a code", async () => {
    expect((await read('number,secret\n"1,5","a ""b"" c"\n')).lines).toMatchObject([
      { number: "1,5", secret: 'a "b" c' },
    ]);
  });

  it.each([
    ["no secret", "number\n1\n", ["the column secret is missing"]],
    ["a column we don't know", "secret,pin\n1,2\n", ["is not a column that was named: name it, or ignore it"]],
    ["a column twice", "secret,secret\n1,2\n", ["is there twice"]],
    ["nothing", "", ["the column secret is missing"]],
    ["quotes that don't close", '"secret\nAAAA\n', ["the column secret is missing"]],
  ])("whose header has %s is refused whole", async (_what, text, messages) => {
    expect(await refusedBy(text)).toEqual(messages);
  });

  it("without a header does not see its first code quoted in the refusal", async () => {
    const refused = await readCodes("SECR-ETCO-DE12-3456\n", Layout.parse({}), NOW);
    expect(refused).toMatchObject({ ok: false, code: "invalid_request" });
    expect(JSON.stringify(refused)).not.toContain("SECR");
  });

  it("that is longer than an import can be is refused whole, rather than cut off", async () => {
    const file = (lines: number): string => `secret\n${"A\n\n".repeat(lines)}`;
    const plain = Layout.parse({});
    expect((await readCodes(file(LIMITS.importLines), plain, NOW)).ok).toBe(true);
    expect(await readCodes(file(LIMITS.importLines + 1), plain, NOW)).toMatchObject({
      ok: false,
      code: "invalid_request",
    });
  });
});

describe("a line that can't be imported", () => {
  const cases: [RefusalReason, string, string][] = [
    ["wrong_columns", "a column too few", "1,AAAA"],
    ["wrong_columns", "a column too many", "1,AAAA,,x"],
    ["bad_quotes", "a quote in the middle", '1,AA"A,'],
    ["secret_missing", "no secret", "1,,"],
    ["secret_too_long", "too long a secret", `1,${"A".repeat(LIMITS.codeBytes)},`],
    ["secret_too_long", "too many bytes in few characters", `,${"码".repeat(LIMITS.codeBytes / 2)},`],
    ["control_characters", "a bell", "1,AA\u0007A,"],
    ["control_characters", "a tab in the number", "1\t2,AAAA,"],
    ["control_characters", "a C1 control", "1,AA\u0085A,"],
    ["not_utf8", "what is left of another encoding", "1,AA\uFFFDA,"],
    ["bad_date", "words", "1,AAAA,next year"],
    ["bad_date", "the 30th of February", "1,AAAA,2027-02-30"],
    ["bad_date", "the 30th of February, at noon", "1,AAAA,2027-02-30T12:00:00Z"],
    ["bad_date", "the 31st of April, ahead of UTC", "1,AAAA,2027-04-31T12:00:00+08:00"],
    ["bad_date", "month 13", "1,AAAA,2027-13-01"],
    ["time_without_zone", "a time without a zone", "1,AAAA,2027-01-01T00:00:00"],
    ["date_notation", "slashes", "1,AAAA,2027/01/31"],
    ["date_notation", "a German date", "1,AAAA,31.01.2027"],
    ["date_notation", "eight digits", "1,AAAA,20270131"],
    ["date_notation", "a spreadsheet's number of a day", "1,AAAA,46418"],
    ["date_notation", "a word for never", "1,AAAA,永久"],
    ["scientific_number", "a long number that was shortened", "1,1.23457E+15,"],
    ["scientific_number", "the same with a comma", '1,"1,23457E+15",'],
    ["scientific_number", "a number of a card that was shortened", "6.22848E+18,AAAA,"],
    ["rounded_number", "sixteen digits that end in a zero", "1,1234567890123450,"],
    ["rounded_number", "nineteen digits that end in four", "1,6228480402564890000,"],
    ["formatted_number", "a decimal point", "1,1234567.0,"],
    ["formatted_number", "separators of thousands", '1,"1,234,567",'],
    ["date_for_code", "a date that was a code", "1,1-Mar,"],
    ["error_value", "a formula that found nothing", "1,#N/A,"],
    ["error_value", "a cell that is gone", "1,#REF!,"],
    ["error_value", "a column that was too narrow", "1,######,"],
    ["placeholder", "a database's nothing", "1,NULL,"],
    ["placeholder", "another one's nothing", "1,\\N,"],
    ["placeholder", "nothing where its number should be", "n/a,AAAA,"],
    ["leading_apostrophe", "the mark of a text", "1,'00123,"],
    ["formula", "a text as a formula", '1,="00123",'],
    ["formula", "the same in quotes", '1,"=""00123""",'],
    ["bad_date", "hour 25", "1,AAAA,2027-01-01T25:00:00Z"],
    ["expired", "yesterday", "1,AAAA,2026-02-28"],
    ["expired", "this very moment", `1,AAAA,${NOW.toISOString()}`],
  ];

  it.each(cases)("is refused as %s: %s", async (reason, _what, line) => {
    const { lines, refused } = await read(`number,secret,expiresAt\n1,GOOD,\n${line}\n2,FINE,\n`);
    expect(refused).toEqual([{ line: 3, reason }]);
    expect(lines.map(({ line, secret }) => [line, secret])).toEqual([
      [2, "GOOD"],
      [4, "FINE"],
    ]);
  });

  it("may be the one with an expiry date too many", async () => {
    const days = Array.from(
      { length: LIMITS.importExpiries + 1 },
      (_, day) => `A${day},2027-03-${String(day + 1).padStart(2, "0")}`,
    );
    const { lines, refused } = await read(["secret,expiresAt", ...days, "B,2027-03-01"].join("\n"));
    expect(refused).toEqual([{ line: LIMITS.importExpiries + 2, reason: "too_many_expiries" }]);
    expect(lines).toHaveLength(LIMITS.importExpiries + 1);
  });

  it("has a case here for every reason that the file itself can give", () => {
    const fromElsewhere: RefusalReason[] = [
      "too_many_expiries",
      "duplicate",
      "duplicate_in_file",
      "after_import",
      "bad_json",
      "in_other_product",
      "invisible_character",
      "quote_not_closed",
      "within_quotes",
      "unclear_separator",
      "unnamed_column",
    ];
    const covered = cases.map(([reason]) => reason);
    expect(new Set([...covered, ...fromElsewhere])).toEqual(new Set(refusalReasons));
  });

  it("is good to the last moment of its last day", async () => {
    expect((await read("secret,expiresAt\nA,2026-03-01\n")).lines).toHaveLength(1);
  });
});

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

describe("what a spreadsheet left", () => {
  it("is taken as it stands where the operator says so", async () => {
    const codes = ["1.23457E+15", "1234567890123450", "123.0", "1-Mar", "#N/A", "NULL", "'0012", "=A1", '="0012"'];
    const { lines, refused } = await read(["secret", ...codes].join("\n"), { literal: true });
    expect(refused).toEqual([]);
    expect(lines.map(({ secret }) => secret)).toEqual(codes);
  });

  it.each([
    "12E34567890",
    "1E15",
    "1234567890123456",
    "123456789012340",
    "NULLABLE-1",
    "AA#N/A",
    "10.5",
    "A-1-MAR",
    "-A",
  ])("is not seen where there is none: %s", async (secret) => {
    expect(await read(`secret\n${secret}\n`)).toMatchObject({ refused: [], lines: [{ secret }] });
  });
});

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

describe("empty lines", () => {
  it("are nothing: no refusal, also where a spreadsheet has left its separators", async () => {
    const { lines, refused } = await read('\nsecret,number\n\nAAAA,1\n  \t\n,,,\n"",""\nBBBB,2\n\n');
    expect(refused).toEqual([]);
    expect(lines.map(({ line, secret }) => [line, secret])).toEqual([
      [4, "AAAA"],
      [8, "BBBB"],
    ]);
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
    ["wrong_columns", "anna"],
    ["unnamed_column", "anna----secret----more"],
  ])("refuses as %s what it parts otherwise: %s", async (reason, line) => {
    expect((await read(line, accounts)).refused).toEqual([{ line: 1, reason }]);
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
        expect(cut(text, { delimiter: by, quotes: true, literal: false }).cells).toEqual(byLibrary(text, by));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("a column that nobody named", () => {
  it("refuses the file, and says which one by its place", async () => {
    const file = await readCodes("secret,有效期,note\nA,2027-01-01,x\n", Layout.parse({}), NOW);
    expect(file).toMatchObject({ ok: false, errors: [{ pointer: "/header/1" }, { pointer: "/header/2" }] });
  });

  it("is left out where the operator ignores it, by name or by place", async () => {
    const { lines } = await read("secret,有效期,note\nA,2027-01-01,x\n", { ignore: ["note", 1] });
    expect(lines).toMatchObject([{ secret: "A", expiresAt: NEVER }]);
  });

  it("without a header refuses the lines that have something there", async () => {
    const { lines, refused } = await read("A,\nB,x\nC,y\n", { header: false, columns: { secret: 0 } });
    expect(lines).toMatchObject([{ secret: "A" }]);
    expect(refused).toEqual([2, 3].map((line) => ({ line, reason: "unnamed_column" })));
  });
});

test("every reason has a sentence", () => {
  const refused = refusalReasons.map((reason, line) => ({ line, reason }));
  for (const sentence of Object.values(sentencesFor(refused))) expect(sentence).toMatch(/^[A-Z].+\.$/);
  expect(Object.keys(sentencesFor(refused))).toEqual([...refusalReasons]);
});

/** Whatever a spreadsheet, a broken export or an attacker may put into a cell. */
const anyCell = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom('"', '""', ",", "\t", "\u0000", "\uFEFF", "=1+1", "2027-01-01", "'", "\\", "-"),
);
const anyFile = fc
  .array(fc.array(anyCell, { maxLength: 4 }), { maxLength: 8 })
  .map((rows) => rows.map((row) => row.join(",")).join("\n"));

describe("whatever the file holds", () => {
  it("reading it never throws", async () => {
    const headed = anyFile.map((rows) => `secret\n${rows}`);
    const isAnswered = fc.asyncProperty(fc.oneof(anyFile, headed, fc.string({ unit: "binary" })), async (text) => {
      const { ok } = await readCodes(text, Layout.parse({}), NOW);
      return typeof ok === "boolean";
    });
    expect(await counterexampleOf(isAnswered, { numRuns: 2_000 })).toBeUndefined();
  });

  it("each line is imported or refused, once, by its own number, or is empty", async () => {
    await fc.assert(
      fc.asyncProperty(anyFile, async (rows) => {
        const { lines, refused } = await read(`secret,number\n${rows}`);
        const numbers = [...lines, ...refused].map(({ line }) => line);
        expect(new Set(numbers).size).toBe(numbers.length);
        const untold = rows.split(/\r\n|\n|\r/).filter((_, index) => !numbers.includes(index + 2));
        for (const line of untold) expect(line).toMatch(/^[ \t\f,"]*$/);
      }),
      { numRuns: 1_000 },
    );
  });

  it("no code is changed on its way in", async () => {
    const secret = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
      .filter((text) => text.trim() === text && !/[\p{Cc}\uFFFD]/u.test(text) && invisibleIn(text) === undefined);
    await fc.assert(
      fc.asyncProperty(fc.array(secret, { minLength: 1, maxLength: 10 }), async (secrets) => {
        const quoted = secrets.map((text) => `"${text.replaceAll('"', '""')}"`);
        const { lines } = await read(["secret", ...quoted, ""].join("\n"), { literal: true });
        expect(lines.map((line) => line.secret)).toEqual(secrets);
      }),
      { numRuns: 500 },
    );
  });
});
