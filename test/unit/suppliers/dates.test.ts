import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expiryOf } from "../../../shared/suppliers/dates.ts";

const BEIJING = 8;

describe("a supplier's date", () => {
  it.each([
    ["2027-12-31T23:59:59Z", 0, "2027-12-31T23:59:59.000Z"],
    ["2027-12-31T23:59:59.1234567+02:00", 0, "2027-12-31T21:59:59.123Z"],
    ["2027-12-31T23:59:59", BEIJING, "2027-12-31T15:59:59.000Z"],
    ["2027-12-31 23:59:59", BEIJING, "2027-12-31T15:59:59.000Z"],
    ["2027-12-31 23:59", BEIJING, "2027-12-31T15:59:00.000Z"],
    ["2027-12-31 00:00:00 +08:00", 0, "2027-12-30T16:00:00.000Z"],
    ["2027-12-31 24:00:00", 0, "2028-01-01T00:00:00.000Z"],
    ["2027/1/5", 0, "2027-01-05T23:59:59.999Z"],
    ["2027/12/31 08:00:00", BEIJING, "2027-12-31T00:00:00.000Z"],
    ["2027.12.31", 0, "2027-12-31T23:59:59.999Z"],
    ["31.12.2027", 0, "2027-12-31T23:59:59.999Z"],
    ["2027年12月31日", BEIJING, "2027-12-31T15:59:59.999Z"],
    ["20271231", BEIJING, "2027-12-31T15:59:59.999Z"],
    ["20271231235959", BEIJING, "2027-12-31T15:59:59.000Z"],
    ["1830297599", BEIJING, "2027-12-31T23:59:59.000Z"],
    [1830297599, BEIJING, "2027-12-31T23:59:59.000Z"],
    [1830297599000, BEIJING, "2027-12-31T23:59:59.000Z"],
  ])("%s, by clocks %i hours ahead of UTC, is %s", (text, offset, at) => {
    expect(expiryOf(text, offset)).toEqual({ kind: "at", at });
  });

  it("that is a bare day is good until its last moment, by the supplier's clocks", () => {
    expect(expiryOf("2027-12-31", BEIJING)).toEqual({ kind: "at", at: "2027-12-31T15:59:59.999Z" });
    expect(expiryOf("2027-12-31", 0)).toEqual({ kind: "at", at: "2027-12-31T23:59:59.999Z" });
  });

  it.each([
    undefined,
    null,
    "",
    "  ",
    0,
    "0",
    "-",
    "null",
    "N/A",
    "永久",
    "长期有效",
    "never",
    "-62135596800",
    "0001-01-01",
    "0001-01-01T00:00:00",
    "0000-00-00 00:00:00",
    "1900-01-01",
    "1970-01-01T00:00:00Z",
    "9999-12-31",
    "9999-12-31 23:59:59",
    "2999-12-31T00:00:00Z",
  ])("that says %s says that there is none", (text) => {
    expect(expiryOf(text, BEIJING)).toEqual({ kind: "none" });
  });

  it.each([
    "03/04/2027",
    "2027-02-30",
    "2027-13-01",
    "2027-12-31 25:00:00",
    "20271301",
    "soon",
    "12/27",
    "20271231999999",
    {},
    [],
    true,
  ])("that says %s is not guessed at", (text) => {
    expect(expiryOf(text, 0)).toEqual({ kind: "unread" });
  });

  it("is read as what it was written from, in every notation", () => {
    const moments = fc.date({ min: new Date("1972-01-01"), max: new Date("2899-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(moments, fc.integer({ min: -11, max: 12 }), (moment, offset) => {
        const whole = new Date(Math.floor(moment.getTime() / 1000) * 1000);
        const local = new Date(whole.getTime() + offset * 3600 * 1000).toISOString().slice(0, 19);
        for (const text of [local, local.replace("T", " "), local.replaceAll("-", "/"), local.replaceAll(/\D/g, "")])
          expect(expiryOf(text.replace(/(\/\d\d)T/, "$1 "), offset)).toEqual({ kind: "at", at: whole.toISOString() });
      }),
    );
  });
});
