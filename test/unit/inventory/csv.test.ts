import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ImportLine, type RefusalReason, type RefusedLine, readCodes } from "../../../shared/inventory/csv.ts";
import { NEVER } from "../../../shared/inventory/model.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { NOW } from "../../support/order-fixtures.ts";
import { counterexample } from "../../support/properties.ts";

function read(text: string): { lines: ImportLine[]; refused: RefusedLine[] } {
  const file = readCodes(text, NOW);
  if (!file.ok) throw new Error(file.detail);
  return file.value;
}

const refusedBy = (text: string): unknown => {
  const file = readCodes(text, NOW);
  return file.ok ? [] : file.errors?.map(({ message }) => message);
};

describe("a file of codes", () => {
  it("gives each line's secret, number and last moment of validity", () => {
    const file = "secret,number,expiresAt\nAAAA,1,2027-01-31\nBBBB,,\nCCCC,3,2026-12-31T10:00:00+08:00\n";
    expect(read(file)).toEqual({
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
  ])("may have %s", (_what, text) => {
    expect(read(text).lines.map(({ secret }) => secret)).toEqual(["AAAA", "BBBB"]);
  });

  it("may quote commas and quotes within a code", () => {
    expect(read('number,secret\n"1,5","a ""b"" c"\n').lines).toMatchObject([{ number: "1,5", secret: 'a "b" c' }]);
  });

  it.each([
    ["no secret", "number\n1\n", ["the column secret is missing"]],
    ["a column we don't know", "secret,pin\n1,2\n", ["is not a known column, or is there twice"]],
    ["a column twice", "secret,secret\n1,2\n", ["is not a known column, or is there twice"]],
    ["nothing", "", ["the column secret is missing"]],
    ["quotes that don't close", '"secret\nAAAA\n', ["the column secret is missing"]],
  ])("whose header has %s is refused whole", (_what, text, messages) => {
    expect(refusedBy(text)).toEqual(messages);
  });

  it("without a header does not see its first code quoted in the refusal", () => {
    const refused = readCodes("SECR-ETCO-DE12-3456\n", NOW);
    expect(refused).toMatchObject({ ok: false, code: "invalid_request" });
    expect(JSON.stringify(refused)).not.toContain("SECR");
  });

  it("that is longer than an import can be is refused whole, rather than cut off", () => {
    const file = (lines: number): string => `secret\n${"A\n".repeat(lines)}`;
    expect(readCodes(file(LIMITS.importLines), NOW).ok).toBe(true);
    expect(readCodes(file(LIMITS.importLines + 1), NOW)).toMatchObject({ ok: false, code: "invalid_request" });
  });
});

describe("a line that can't be imported", () => {
  const cases: [RefusalReason, string, string][] = [
    ["empty", "nothing", ""],
    ["empty", "only commas", ",,"],
    ["wrong_columns", "a column too few", "1,AAAA"],
    ["wrong_columns", "a column too many", "1,AAAA,,x"],
    ["bad_quotes", "an open quote", '1,"AAAA,'],
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
    ["bad_date", "a time without a zone", "1,AAAA,2027-01-01T00:00:00"],
    ["bad_date", "hour 25", "1,AAAA,2027-01-01T25:00:00Z"],
    ["expired", "yesterday", "1,AAAA,2026-02-28"],
    ["expired", "this very moment", `1,AAAA,${NOW.toISOString()}`],
  ];

  it.each(cases)("is refused as %s: %s", (reason, _what, line) => {
    const { lines, refused } = read(`number,secret,expiresAt\n1,GOOD,\n${line}\n2,FINE,\n`);
    expect(refused).toEqual([{ line: 3, reason }]);
    expect(lines.map(({ line, secret }) => [line, secret])).toEqual([
      [2, "GOOD"],
      [4, "FINE"],
    ]);
  });

  it("may be the one with an expiry date too many", () => {
    const days = Array.from(
      { length: LIMITS.importExpiries + 1 },
      (_, day) => `A${day},2027-03-${String(day + 1).padStart(2, "0")}`,
    );
    const { lines, refused } = read(["secret,expiresAt", ...days, "B,2027-03-01"].join("\n"));
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
    ];
    const all: Record<RefusalReason, true> = {
      empty: true,
      wrong_columns: true,
      bad_quotes: true,
      bad_json: true,
      secret_missing: true,
      secret_too_long: true,
      control_characters: true,
      not_utf8: true,
      bad_date: true,
      expired: true,
      too_many_expiries: true,
      duplicate_in_file: true,
      duplicate: true,
      after_import: true,
    };
    const covered = cases.map(([reason]) => reason);
    expect(new Set([...covered, ...fromElsewhere])).toEqual(new Set(Object.keys(all)));
  });

  it("is good to the last moment of its last day", () => {
    expect(read("secret,expiresAt\nA,2026-03-01\n").lines).toHaveLength(1);
  });
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
  it("reading it never throws", () => {
    const headed = anyFile.map((rows) => `secret\n${rows}`);
    const isAnswered = fc.property(fc.oneof(anyFile, headed, fc.string({ unit: "binary" })), (text) => {
      const { ok } = readCodes(text, NOW);
      return typeof ok === "boolean";
    });
    expect(counterexample(isAnswered, { numRuns: 2_000 })).toBeUndefined();
  });

  it("each line is imported or refused, once, by its own number", () => {
    fc.assert(
      fc.property(anyFile, (rows) => {
        const { lines, refused } = read(`secret,number\n${rows}`);
        const ends = rows.split(/\r\n|\n|\r/);
        if (ends.at(-1) === "") ends.pop();
        const numbers = [...lines, ...refused].map(({ line }) => line).toSorted((a, b) => a - b);
        expect(numbers).toEqual(ends.map((_, index) => index + 2));
      }),
      { numRuns: 1_000 },
    );
  });

  it("no code is changed on its way in", () => {
    const secret = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
      .filter((text) => text.trim() === text && !/[\p{Cc}\uFEFF\uFFFD]/u.test(text));
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 10 }), (secrets) => {
        const quoted = secrets.map((text) => `"${text.replaceAll('"', '""')}"`);
        expect(read(["secret", ...quoted, ""].join("\n")).lines.map((line) => line.secret)).toEqual(secrets);
      }),
      { numRuns: 500 },
    );
  });
});
