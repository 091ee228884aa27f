import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { NEVER } from "../../../shared/kernel/clock.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { invisibleIn, isBlank } from "../../../shared/stock-files/invisible.ts";
import { Layout } from "../../../shared/stock-files/layout.ts";
import { readCodes } from "../../../shared/stock-files/read-codes.ts";
import { type RefusalReason, refusalReasons, sentencesFor } from "../../../shared/stock-files/refusals.ts";
import { read } from "../../support/imports/file-of-codes.ts";
import { NOW } from "../../support/orders/order-fixtures.ts";
import { counterexampleOf } from "../../support/properties.ts";

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
    ["a column twice", "secret,secret\n1,2\n", ["is there twice, or is to be two things at once"]],
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

/** What `damage.ts` finds has its own tests. */
const damages: RefusalReason[] = [
  "scientific_number",
  "rounded_number",
  "formatted_number",
  "date_for_code",
  "error_value",
  "placeholder",
  "leading_apostrophe",
  "formula",
];

describe("a line that can't be imported", () => {
  const cases: [RefusalReason, string, string][] = [
    ["wrong_columns", "a column too few", "1,AAAA"],
    ["wrong_columns", "a column too many", "1,AAAA,,x"],
    ["bad_quotes", "a quote in the middle", '1,AA"A,'],
    ["header_again", "the header once more", "number,secret,expiresAt"],
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

  it("has a case here for every reason that a line of CSV gives by itself", () => {
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
      "field_twice",
      "number_missing",
      ...damages,
    ];
    const covered = cases.map(([reason]) => reason);
    expect(new Set([...covered, ...fromElsewhere])).toEqual(new Set(refusalReasons));
  });

  it("is good to the last moment of its last day", async () => {
    expect((await read("secret,expiresAt\nA,2026-03-01\n")).lines).toHaveLength(1);
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

  it("may stand before the header, with separators and without", async () => {
    expect(await read(",,,\n\n \t,\nsecret,number\nAAAA,1\n")).toMatchObject({ refused: [], lines: [{ line: 5 }] });
  });

  it.each(["\u3000", "\uFEFF", "\u00A0 \u200B", "\u3000,\u200B", "\u2028"])(
    "are those that show nothing too: %j",
    async (line) => {
      const text = `secret,number\n${line}\nAAAA,1\n`;
      expect(await read(text)).toMatchObject({ refused: [], lines: [{ line: 3 }] });
    },
  );
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
        for (const line of untold) expect(isBlank(line.replaceAll(/[,"]/g, ""))).toBe(true);
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
