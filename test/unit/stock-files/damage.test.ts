import { describe, expect, it } from "vitest";
import type { RefusalReason } from "../../../shared/stock-files/refusals.ts";
import { read } from "../../support/imports/file-of-codes.ts";

describe("what a spreadsheet left", () => {
  const cases: [RefusalReason, string, string][] = [
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
    ["scientific_number", "three digits before the point", "1,123.5E+12,"],
    ["scientific_number", "two digits and no point", "1,12E+15,"],
    ["formatted_number", "points between thousands", "1,1.234.567,"],
    ["date_for_code", "a month and its year", "1,Mar-01,"],
    ["date_for_code", "a day in Chinese", "1,3月1日,"],
    ["date_for_code", "a month in Chinese", "1,2001年3月,"],
    ["date_for_code", "a day with slashes", "1,2001/3/1,"],
    ["date_for_code", "a day with hyphens, and midnight", "1,2001-03-01 0:00,"],
    ["date_for_code", "an American day", "1,3/1/2001,"],
    ["date_for_code", "a German day", "1,01.03.2001,"],
    ["date_for_code", "a German month", "1,01. Mrz,"],
    ["date_for_code", "a French month", "1,01-mars,"],
    ["error_value", "an error of another spreadsheet", "1,#ERROR!,"],
    ["error_value", "an error that is new", "1,#BLOCKED!,"],
    ["error_value", "a German error", "1,#BEZUG!,"],
    ["placeholder", "a statistician's nothing", "1,NA,"],
    ["placeholder", "another statistician's nothing", "1,<NA>,"],
    ["placeholder", "a Chinese nothing", "1,暂无,"],
    ["placeholder", "a stroke", "1,/,"],
    ["placeholder", "a dash", "1,—,"],
    ["placeholder", "what is left of letters that an encoding does not have", "1,???,"],
    ["placeholder", "nothing in quotes", '1,"NULL",'],
    ["leading_apostrophe", "a wide mark of a text", "1,＇00123,"],
    ["leading_apostrophe", "the mark of a payment service", "1,`00123,"],
  ];

  it.each(cases)("is refused as %s: %s", async (reason, _what, line) => {
    const { lines, refused } = await read(`number,secret,expiresAt\n1,GOOD,\n${line}\n2,FINE,\n`);
    expect(refused).toEqual([{ line: 3, reason }]);
    expect(lines.map(({ line }) => line)).toEqual([2, 4]);
  });

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
    "192.168.1.1",
    "1-2-3",
    "1234-12-12",
    "3/1",
    "#1!",
    "`A1",
    "MARS-1",
    "NA-1",
    "12.345",
  ])("is not seen where there is none: %s", async (secret) => {
    expect(await read(`secret\n${secret}\n`)).toMatchObject({ refused: [], lines: [{ secret }] });
  });
});
