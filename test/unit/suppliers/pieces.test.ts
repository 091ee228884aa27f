import { describe, expect, it } from "vitest";
import { goodOf } from "../../../shared/suppliers/pieces.ts";

describe("a card as a supplier sends it", () => {
  it("is its number and its secret", () => {
    const good = goodOf({ number: "100", secret: "abc", expires: "2027-12-31" }, 8);
    expect([good?.number?.reveal(), good?.secret.reveal()]).toEqual(["100", "abc"]);
    expect(good).toMatchObject({ expiresAt: "2027-12-31T15:59:59.999Z" });
  });

  it("may be only a number: then that is what is redeemed", () => {
    for (const secret of [undefined, null, "", "  "]) {
      const good = goodOf({ number: "100", secret }, 0);
      expect([good?.secret.reveal(), good && "number" in good]).toEqual(["100", false]);
    }
  });

  it.each([{}, { number: "", secret: "" }, { number: " ", secret: null }, { expires: "2027-12-31" }])(
    "is no delivery when it is empty: %j",
    (piece) => {
      expect(goodOf(piece, 0)).toBeUndefined();
    },
  );

  it("says so when its date can't be read, and says nothing when it has none", () => {
    expect(goodOf({ secret: "abc", expires: "soon" }, 0)).toMatchObject({ expiryUnread: true });
    expect(Object.keys(goodOf({ secret: "abc", expires: "0001-01-01" }, 0) ?? {})).toEqual(["secret"]);
  });
});
