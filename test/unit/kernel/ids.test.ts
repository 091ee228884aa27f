import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fingerprintOf, idOf, newId, sha256 } from "../../../shared/kernel/ids.ts";

describe("a new id", () => {
  it("is its prefix and 20 characters that survive being read out on the phone", () => {
    for (let i = 0; i < 200; i++) expect(newId("code")).toMatch(/^code_[0-9a-hjkmnp-tv-z]{20}$/);
  });

  it("is never given twice", () => {
    expect(new Set(Array.from({ length: 20_000 }, () => newId("ord"))).size).toBe(20_000);
  });
});

describe("an id made from its cause", () => {
  it("is the same each time: a repeated request finds what the first one made", () => {
    expect(idOf("ord", "chan_1", "key-1")).toBe("ord_cshwr6cjc1ktnwkz173m2gv30d");
  });

  it("is another for another cause, also where the parts would run together", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 3 }), fc.array(fc.string(), { maxLength: 3 }), (a, b) => {
        expect(idOf("ord", ...a) === idOf("ord", ...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
    expect(idOf("ord", "ab", "c")).not.toBe(idOf("ord", "a", "bc"));
    expect(idOf("ord", "a", "")).not.toBe(idOf("ord", "a"));
  });
});

/** The same value, with every object's members written in another order. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, shuffled(member)]),
  );
}

describe("the fingerprint of a request", () => {
  it("does not depend on the order of its members, however deep", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(fingerprintOf(shuffled(value))).toBe(fingerprintOf(value));
      }),
    );
  });

  it("differs whenever the JSON differs", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const canonical = (value: unknown) => JSON.stringify(sorted(value));
        expect(fingerprintOf(a) === fingerprintOf(b)).toBe(canonical(a) === canonical(b));
      }),
    );
  });

  it.each([
    ["the order of a list", [1, 2], [2, 1]],
    ["a number and its text", { quantity: 1 }, { quantity: "1" }],
    ["null and nothing", { reference: null }, {}],
    ["where a member stands", { a: { b: 1 } }, { a: {}, b: 1 }],
    ["a key called like the prototype", JSON.parse('{"__proto__":{"a":1}}'), {}],
  ])("tells apart %s", (_what, a, b) => {
    expect(fingerprintOf(a)).not.toBe(fingerprintOf(b));
  });
});

/** Sorted the slow way, as a second opinion. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const members = Object.entries(value).map(([name, member]) => [name, sorted(member)]);
  return { object: members.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)) };
}

it("SHA-256 is the published one", () => {
  // FIPS 180-4's own example.
  expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
