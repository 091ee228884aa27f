import { createHmac } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bitsOf,
  checkLetterOf,
  codeFrom,
  GENERATION_KEY,
  Generation,
  generator,
  Template,
} from "../../../shared/imports/generate.ts";
import { derivedKey } from "../../../shared/secrecy/derived-key.ts";
import { fakeKms } from "../../support/engine/fake-aws.ts";

const DEFAULT = "XXXXX-XXXXX-XXXXX-XXXXXC";
const chance = fc.uint8Array({ minLength: 64, maxLength: 64 });

describe("a code of ours", () => {
  it("looks like its template, without letters that can be mistaken, and with its check letter", () => {
    fc.assert(
      fc.property(chance, (bytes) => {
        const code = codeFrom(bytes, DEFAULT);
        expect(code).toMatch(/^([2-9A-HJ-NP-Z]{5}-){3}[2-9A-HJ-NP-Z]{6}$/);
        expect(checkLetterOf(code.slice(0, -1))).toBe(code.at(-1));
      }),
    );
  });

  it("betrays each single letter that was typed wrong", () => {
    const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    fc.assert(
      fc.property(chance, fc.nat({ max: 19 }), fc.nat({ max: 30 }), (bytes, place, shift) => {
        const code = codeFrom(bytes, "X".repeat(20));
        const right = alphabet.indexOf(code[place] ?? "");
        const wrong = alphabet[(right + shift + 1) % alphabet.length];
        const typed = code.slice(0, place) + wrong + code.slice(place + 1);
        expect(checkLetterOf(typed)).not.toBe(checkLetterOf(code));
      }),
    );
  });

  it("uses all letters about equally", () => {
    const counts = new Map<string, number>();
    for (let byte = 0; byte < 256; byte++) {
      const [letter = ""] = codeFrom(Uint8Array.of(byte), "X");
      counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
    expect(new Set(counts.values())).toEqual(new Set([8]));
    expect(counts.size).toBe(32);
  });

  it("has 80 bits of chance at least: fewer are refused, and the figure is named", () => {
    expect(bitsOf(DEFAULT)).toBe(100);
    expect(Template.safeParse("X".repeat(16)).success).toBe(true);
    const refused = Template.safeParse("GIFT-XXXXX-XXXXX-XXXXX");
    expect(refused.error?.issues[0]?.message).toBe("has 75 bits of chance; at least 80 are safe");
    for (const bad of ["x".repeat(20), "X".repeat(65), `${"X".repeat(20)}CX`, `${"X".repeat(20)} `])
      expect(Template.safeParse(bad).success).toBe(false);
    expect(Generation.safeParse({ count: 1_000_001 }).success).toBe(false);
  });
});

describe("the codes of a generation", () => {
  const deps = { kms: fakeKms(), generationKey: "generation", fingerprintKey: "fingerprint" };
  /** What somebody makes of them who may ask for a MAC with this key. */
  const computedWith = async (keyId: string): Promise<string> => {
    const key = await derivedKey({ kms: deps.kms, keyId }, "codes of imp_1");
    return codeFrom(createHmac("sha512", key).update("1").digest(), DEFAULT);
  };

  it("can't be computed with the key of fingerprints, which many functions use", async () => {
    const codeAt = await generator(deps, { importId: "imp_1", madeWith: GENERATION_KEY }, DEFAULT);
    expect(codeAt(1)).toBe(await computedWith("generation"));
    expect(codeAt(1)).not.toBe(await computedWith("fingerprint"));
  });

  it("stay the same when an earlier version began to make them", async () => {
    const codeAt = await generator(deps, { importId: "imp_1" }, DEFAULT);
    expect(codeAt(1)).toBe(await computedWith("fingerprint"));
  });
});
