import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasUnseen, isName, oneName, trimmed } from "../../../shared/kernel/one-name.ts";
import { NewOrder } from "../../../shared/orders/request.ts";

const order = (more: object, recipient?: string) => ({
  lines: [
    {
      productId: `prod_${"0".repeat(20)}`,
      quantity: 1,
      ...(recipient === undefined ? {} : { recipient: { account: recipient } }),
    },
  ],
  payment: { method: "balance" },
  ...more,
});
const pointersIn = (value: object) => NewOrder.safeParse(value).error?.issues.map(({ path }) => path.join("/"));

describe("the name of a customer", () => {
  it.each([
    ["anna@example.com", " Anna@Example.COM "],
    ["13800001234", "138 0000 1234"],
    ["13800001234", "\u202d138\u200b0000\u00ad1234\u202c"],
    ["13800001234", "１３８００００１２３４"],
    ["anna", "\ufeffanna"],
    ["anna", "an\u2060na\ufe0f"],
    ["straße", "STRASSE"],
    ["ΟΔΟΣ", "οδος"],
    ["ﬁn", "FIN"],
    ["e\u0301mile", "\u00c9mile"],
    ["a b", "a\u00a0\u3000b"],
  ])("%s is also %j", (one, other) => {
    expect(oneName(other)).toBe(oneName(one));
  });

  it("is another for another customer", () => {
    const names = ["anna", "anne", "138", "139", "李雷", "韩梅梅", "a-b", "a_b"].map(oneName);
    expect(new Set(names).size).toBe(names.length);
  });

  it("is the same again when it is made of itself, and whatever its capitals are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
        expect(oneName(oneName(text))).toBe(oneName(text));
        expect(oneName(text.toUpperCase())).toBe(oneName(text));
        expect(oneName(` ${text}\u200b`)).toBe(oneName(text));
      }),
    );
  });

  it("is what an order keeps of its buyer, so that a repeat spelt otherwise is the same order", () => {
    expect(NewOrder.parse(order({ buyer: " Anna\u200b " }))).toEqual(NewOrder.parse(order({ buyer: "ANNA" })));
  });

  it.each([" ", "\u200b\ufeff", "\u00ad", "an\u0000na", "anna\n", "\ud800"])(
    "is refused where it says nothing: %j",
    (buyer) => {
      expect(isName(buyer)).toBe(false);
      expect(pointersIn(order({ buyer }))).toEqual(["buyer"]);
    },
  );
});

describe("an account or a campaign that was copied", () => {
  it("loses what stands around it and can't be seen", () => {
    expect(trimmed("\u202a13800001234\u202c ")).toBe("13800001234");
    const parsed = NewOrder.parse(order({ campaign: "\ufeffSummer " }, "\u200e138\u200e"));
    expect([parsed.campaign, parsed.lines[0]?.recipient?.account]).toEqual(["Summer", "138"]);
  });

  it("is refused by name when it has such characters inside", () => {
    for (const text of ["138\u200b00", "138\u00ad00", "138\u202e00", "1\u00001"]) {
      expect(pointersIn(order({ campaign: text }))).toEqual(["campaign"]);
      expect(pointersIn(order({}, text))).toEqual(["lines/0/recipient/account"]);
    }
  });

  it("keeps capitals, spaces, and the joiners that letters and emoji need", () => {
    for (const text of ["Player One", "ΟΔΟΣ", "क्\u200dष", "👩\u200d💻", "☺\ufe0f"]) {
      expect(hasUnseen(text)).toBe(false);
      expect(NewOrder.parse(order({}, text)).lines[0]?.recipient?.account).toBe(text);
    }
  });
});
