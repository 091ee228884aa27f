import { describe, expect, it } from "vitest";
import { rangesFrom } from "../../../shared/channels/address-ranges.ts";
import { isWithin } from "../../../shared/channels/addresses.ts";

describe("a list of addresses", () => {
  it.each([
    ["192.0.2.7", ["192.0.2.0/24"], true],
    ["192.0.3.0", ["192.0.2.0/24"], false],
    ["192.0.2.7", ["192.0.2.7/32"], true],
    ["192.0.2.8", ["192.0.2.7/32"], false],
    ["192.0.2.8", ["10.0.0.0/8", "192.0.2.8/31"], true],
    ["2001:db8:1::5", ["2001:db8::/32"], true],
    ["2001:DB8:0:0:0:0:0:5", ["2001:db8::/32"], true],
    ["2001:db9::5", ["2001:db8::/32"], false],
    ["2001:db8::ff", ["2001:db8::fe/128"], false],
    ["::ffff:192.0.2.7", ["192.0.2.0/24"], true],
    ["192.0.2.7", ["2001:db8::/32"], false],
    ["", ["192.0.2.0/24"], false],
    ["not an address", ["0.0.0.0/1", "128.0.0.0/1"], false],
  ])("says of %j and %j: %s", (address, ranges, is) => {
    expect(isWithin(address, ranges)).toBe(is);
  });

  it("is kept in canonical form, each range once", () => {
    const said = ["192.0.2.1", "192.0.2.0/24", "2001:0DB8:0000::/32", " 2001:db8::/32", "2001:db8::1"];
    expect(rangesFrom(said)).toEqual({
      ok: true,
      value: ["192.0.2.1/32", "192.0.2.0/24", "2001:db8::/32", "2001:db8::1/128"],
    });
    expect(rangesFrom([])).toEqual({ ok: true, value: [] });
  });

  it.each([
    ["192.0.2.7/24", /do you mean 192\.0\.2\.0\/24\?/],
    ["2001:db8::1/64", /do you mean 2001:db8::\/64\?/],
    ["0.0.0.0/0", /prefix of 1 to 32/],
    ["::/0", /prefix of 1 to 128/],
    ["192.0.2.0/33", /prefix of 1 to 32/],
    ["::ffff:192.0.2.1", /of IPv4/],
    ["192.0.2", /must be an address/],
    ["0x7f.1", /must be an address/],
    ["010.0.0.1", /must be an address/],
    ["fe80::1%eth0", /must be an address/],
    ["192.0.2.0/", /must be an address/],
    ["192.0.2.0/2/4", /must be an address/],
    ["192.0.2.0/-1", /must be an address/],
    ["shop.example", /must be an address/],
    ["", /must be an address/],
  ])("refuses %j by its pointer", (said, message) => {
    const refused = rangesFrom(["192.0.2.1", said]);
    expect(refused).toMatchObject({ ok: false, errors: [{ pointer: "/addresses/1" }] });
    expect(refused.ok ? "" : refused.errors?.[0]?.message).toMatch(message);
  });
});
