import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alipayTime, fenOf, momentOf, titleOf, yuanOf } from "../../../../shared/payments/alipay/notation.ts";

describe("amounts", () => {
  test.each([
    [1, "0.01"],
    [10, "0.10"],
    [1500, "15.00"],
    [10_000_000_000, "100000000.00"],
  ])("%i fen are %s yuan", (fen, yuan) => {
    expect(yuanOf(fen)).toBe(yuan);
    expect(fenOf(yuan)).toBe(fen);
  });

  test("every amount that Alipay takes comes back as it was, to the fen", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000_000 }), (fen) => {
        expect(fenOf(yuanOf(fen))).toBe(fen);
      }),
    );
  });

  test.each([0, -1, 10_000_000_001, 1.5, Number.NaN])("no payment is made of %d fen", (fen) => {
    expect(yuanOf(fen)).toBeUndefined();
  });

  test.each([
    ["88.8", 8880],
    ["88", 8800],
    [88.88, 8888],
  ])("%s yuan are read as they are meant", (yuan, fen) => {
    expect(fenOf(yuan)).toBe(fen);
  });

  test.each(["", "1.001", "-1.00", "1e2", "1,000.00", " 1.00", undefined, null, "0x10"])("%s is no amount", (yuan) => {
    expect(fenOf(yuan)).toBeUndefined();
  });
});

describe("times", () => {
  test("stand in Shanghai, and are never later than what they say", () => {
    expect(alipayTime(new Date("2026-03-01T16:00:00.999Z"))).toBe("2026-03-02 00:00:00");
    expect(momentOf("2026-03-02 00:00:00")).toBe("2026-03-01T16:00:00.000Z");
  });

  test("of a refund have parts of a second", () => {
    expect(momentOf("2020-03-27 18:19:15.143")).toBe("2020-03-27T10:19:15.143Z");
  });

  test.each(["", "2026-03-02", "2026-13-02 00:00:00", "2026-03-02T00:00:00Z", undefined])("%s is none", (time) => {
    expect(momentOf(time)).toBeUndefined();
  });
});

describe("titles", () => {
  test.each([
    ["Steam 100元充值卡", "Steam 100元充值卡"],
    ["Steam 100元充值卡 × 2 + 1", "Steam 100元充值卡 × 2 + 1"],
    ["A/B=C&D,E", "A B C D E"],
    ['  100% 🎮 <b>"x"</b>\n', "100 b x b"],
    ["🎮", "otherwise"],
    [undefined, "otherwise"],
  ])("%j is shown as %j", (text, title) => {
    expect(titleOf(text, "otherwise")).toBe(title);
  });

  test("have at most 128 characters", () => {
    expect(Array.from(titleOf("卡".repeat(300), "otherwise"))).toHaveLength(128);
  });
});
