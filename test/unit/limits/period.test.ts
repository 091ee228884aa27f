import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countersOf } from "../../../shared/limits/model.ts";
import { periodOf } from "../../../shared/limits/period.ts";

const offset = fc.constantFrom("+00:00", "+08:00", "-03:30", "+14:00", "-12:00");
const per = fc.constantFrom("hour", "day", "week", "month");
const moment = fc.date({ min: new Date("2020-01-01"), max: new Date("2040-01-01"), noInvalidDate: true });

describe("a period", () => {
  it.each([
    ["day", "+00:00", "2026-11-25T23:59:59.999Z", "2026-11-25", "2026-11-26T00:00:00.000Z"],
    ["day", "+08:00", "2026-11-25T15:59:59.999Z", "2026-11-25", "2026-11-25T16:00:00.000Z"],
    ["day", "+08:00", "2026-11-25T16:00:00.000Z", "2026-11-26", "2026-11-26T16:00:00.000Z"],
    ["day", "-03:30", "2026-11-25T03:29:59.000Z", "2026-11-24", "2026-11-25T03:30:00.000Z"],
    ["hour", "-03:30", "2026-11-25T03:29:59.000Z", "2026-11-24T23", "2026-11-25T03:30:00.000Z"],
    ["week", "+00:00", "2026-11-29T23:59:59.999Z", "week 2026-11-23", "2026-11-30T00:00:00.000Z"],
    ["week", "+08:00", "2026-11-29T16:00:00.000Z", "week 2026-11-30", "2026-12-06T16:00:00.000Z"],
    ["month", "+08:00", "2026-12-31T16:00:00.000Z", "2027-01", "2027-01-31T16:00:00.000Z"],
    ["month", "+00:00", "2028-02-29T23:59:59.999Z", "2028-02", "2028-03-01T00:00:00.000Z"],
  ] as const)("of a %s by the clocks of %s: %s lies in %s, which ends at %s", (per, offset, now, name, endsAt) => {
    expect(periodOf(per, offset, new Date(now))).toEqual({ name, endsAt });
  });

  it("is the same until it ends, and another one from that moment on", () => {
    fc.assert(
      fc.property(per, offset, moment, (per, offset, now) => {
        const { name, endsAt } = periodOf(per, offset, now);
        expect(endsAt > now.toISOString()).toBe(true);
        expect(periodOf(per, offset, new Date(Date.parse(endsAt) - 1)).name).toBe(name);
        expect(periodOf(per, offset, new Date(endsAt)).name).not.toBe(name);
      }),
    );
  });

  it("has a name that no period of another length has, so that a limit that changes begins anew", () => {
    const now = new Date("2026-11-01T00:30:00Z");
    const keys = (["hour", "day", "week", "month", "ever"] as const).map((per) => {
      const wanted = [{ productId: "prod_1", quantity: 1, limits: { total: { quantity: 1, per } } }];
      return countersOf(wanted, { channelId: "chan_1", buyer: undefined }, now)[0]?.key;
    });
    expect(new Set(keys).size).toBe(keys.length);
  });
});
