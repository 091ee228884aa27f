import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NEVER } from "../../../shared/kernel/clock.ts";
import { DateNotation, DayEnds, expiryOf } from "../../../shared/stock-files/dates.ts";

describe("an expiry in the notation that the operator names", () => {
  const china = "+08:00";
  test.each([
    ["ymd", "2027/1/31", "2027-01-31T15:59:59.999Z"],
    ["ymd", "2027-12-31", "2027-12-31T15:59:59.999Z"],
    ["ymd", "2027.12.31", "2027-12-31T15:59:59.999Z"],
    ["ymd", "20270131", "2027-01-31T15:59:59.999Z"],
    ["ymd", "2027年1月31日", "2027-01-31T15:59:59.999Z"],
    ["ymd", "2027年1月31号", "2027-01-31T15:59:59.999Z"],
    ["ymd", "2028/2/29", "2028-02-29T15:59:59.999Z"],
    ["dmy", "29.02.2028", "2028-02-29T15:59:59.999Z"],
    ["serial", "46418.0", "2027-01-31T15:59:59.999Z"],
    ["serial", "46418.999999", "2027-01-31T15:59:59.000Z"],
    ["ymd", "2027-12-31 23:59:59", "2027-12-31T15:59:59.000Z"],
    ["ymd", "2027/12/31 23:59", "2027-12-31T15:59:00.000Z"],
    ["dmy", "31.01.2027", "2027-01-31T15:59:59.999Z"],
    ["dmy", "1/2/2027", "2027-02-01T15:59:59.999Z"],
    ["mdy", "1/2/2027", "2027-01-02T15:59:59.999Z"],
    ["mdy", "1/2/2027 12:00 AM", "2027-01-01T16:00:00.000Z"],
    ["mdy", "1/2/2027 11:59:59 PM", "2027-01-02T15:59:59.000Z"],
    ["serial", "46418", "2027-01-31T15:59:59.999Z"],
    ["serial", "46418.5", "2027-01-31T04:00:00.000Z"],
    ["serial", "59", "1900-02-28T15:59:59.999Z"],
    ["serial", "61", "1900-03-01T15:59:59.999Z"],
    ["serial1904", "44956", "2027-01-31T15:59:59.999Z"],
    ["dmy", "2027-12-31", "2027-12-31T15:59:59.999Z"],
    ["dmy", "2027-12-31T23:59:59Z", "2027-12-31T23:59:59.000Z"],
    ["ymd", "永久", NEVER],
    ["serial", "永久有效", NEVER],
    ["dmy", "Never", NEVER],
    ["dmy", "", NEVER],
    ["ymd", "9999-12-31", "9999-12-31T15:59:59.999Z"],
  ] as const)("%s: %s is %s where days end eight hours earlier", (dates, text, expiry) => {
    expect(expiryOf(text, { dates, dayEnds: china })).toBe(expiry);
  });

  test("ends with its day in UTC where no clock is named; a time needs one", () => {
    expect(expiryOf("31.01.2027", { dates: "dmy" })).toBe("2027-01-31T23:59:59.999Z");
    expect(expiryOf("2027-12-31 23:59:59", { dates: "ymd" })).toBe("time_without_zone");
    expect(expiryOf("46418.5", { dates: "serial" })).toBe("time_without_zone");
    expect(expiryOf("2027-12-31", { dayEnds: "-05:00" })).toBe("2028-01-01T04:59:59.999Z");
  });

  test("never sorts behind never", () => {
    expect(expiryOf("9999-12-31", { dayEnds: "-05:00" })).toBe(NEVER);
  });
});

describe("nothing is guessed", () => {
  test.each([
    [undefined, "2027/1/31", "date_notation"],
    [undefined, "31.01.2027", "date_notation"],
    [undefined, "46418", "date_notation"],
    [undefined, "永久", "date_notation"],
    ["ymd", "31.01.2027", "date_notation"],
    ["dmy", "31.01.27", "date_notation"],
    ["ymd", "2027/1-31", "date_notation"],
    ["serial", "31.01.2027", "date_notation"],
    ["ymd", "2027/2/30", "bad_date"],
    ["ymd", "2027/2/29", "bad_date"],
    ["ymd", "20270229", "bad_date"],
    ["ymd", "2027-12-31 24:00:00", "bad_date"],
    ["ymd", "2027-12-31T24:00:00Z", "bad_date"],
    ["ymd", "2027-12-31T23:59:60Z", "bad_date"],
    ["ymd", "2027-01-01T00:00:00+24:00", "bad_date"],
    ["ymd", "2027-01-31\u200B", "bad_date"],
    ["ymd", "２０２７/1/31", "bad_date"],
    ["serial", "2958466", "bad_date"],
    ["serial", "20270131", "date_notation"],
    ["serial1904", "0", "bad_date"],
    ["mdy", "31/01/2027", "bad_date"],
    ["dmy", "1/2/2027 13:00 PM", "bad_date"],
    ["dmy", "1/2/2027 24:00", "bad_date"],
    ["serial", "60", "bad_date"],
    ["serial", "0", "bad_date"],
    ["ymd", "next year", "bad_date"],
    ["ymd", "0001-01-01", "bad_date"],
  ] as const)("%s: %s is refused as %s", (dates, text, reason) => {
    expect(expiryOf(text, { dates, dayEnds: "+00:00" })).toBe(reason);
  });

  test("whatever a cell holds, it is a time of four digits' year or a reason", () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^\d{1,8}[-/.]?\d{0,2}[-/.]?\d{0,4}( \d\d:\d\d( [AP]M)?)?$/));
    const dates = fc.constantFrom(undefined, ...DateNotation.options);
    fc.assert(
      fc.property(text, dates, (cell, notation) => {
        const read = expiryOf(cell, { dates: notation, dayEnds: "-14:00" });
        expect(read).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$|^[a-z_]+$/);
      }),
      { numRuns: 2_000 },
    );
  });
});

test("a clock is an offset that exists", () => {
  for (const offset of ["+08:00", "-03:30", "+14:00"]) expect(DayEnds.safeParse(offset).success).toBe(true);
  for (const offset of ["08:00", "+8", "+15:00", "+08:60", "CST"])
    expect(DayEnds.safeParse(offset).success).toBe(false);
});
