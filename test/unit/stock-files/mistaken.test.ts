import { describe, expect, it } from "vitest";
import { Layout } from "../../../shared/stock-files/layout.ts";
import { encodingOf } from "../../../shared/stock-files/lines.ts";
import { read } from "../../support/imports/file-of-codes.ts";

describe("a header that stands there again", () => {
  it("is no code, but a line that differs from it anywhere is one", async () => {
    const { lines, refused } = await read("number,secret\n1,AAAA\nnumber,secret\n2,BBBB\nnumber,CCCC\n7,secret\n");
    expect(refused).toEqual([{ line: 3, reason: "header_again" }]);
    expect(lines.map(({ secret }) => secret)).toEqual(["AAAA", "BBBB", "CCCC", "secret"]);
  });

  it("is none with names of the operator's either, nor as it stands", async () => {
    const layout = { columns: { secret: "卡密" }, literal: true };
    expect(await read("卡密\nAAAA\n卡密\n", layout)).toMatchObject({
      lines: [{ secret: "AAAA" }],
      refused: [{ line: 3, reason: "header_again" }],
    });
  });
});

describe("a number whose column was named", () => {
  const accounts = { delimiter: "----", header: false, columns: { number: 0, secret: 1 } };

  it("must be there, unless the operator says otherwise", async () => {
    const text = "anna----pw4\n----pw5\n";
    expect(await read(text, accounts)).toMatchObject({
      lines: [{ number: "anna", secret: "pw4" }],
      refused: [{ line: 2, reason: "number_missing" }],
    });
    expect((await read(text, { ...accounts, emptyNumbers: true })).lines).toMatchObject([
      { number: "anna" },
      { number: undefined, secret: "pw5" },
    ]);
  });

  it("may be missing where the column has its usual name, which nobody had to say", async () => {
    expect((await read("number,secret\n,AAAA\n")).lines).toHaveLength(1);
    expect(Layout.parse({}).columns.number).toBe("number");
  });
});

describe("a column that was asked for by its usual name", () => {
  it("must be there: without its expiries, codes would never expire", async () => {
    const text = "number,secret\n1,AAAA\n";
    await expect(read(text, { required: ["expiresAt"] })).rejects.toThrow("The first line must name the columns");
    expect((await read(text, { required: ["number"] })).lines).toHaveLength(1);
    expect((await read(text)).lines).toHaveLength(1);
  });
});

describe("a file that is said to be UTF-16", () => {
  const text = "AB,1234\nCD,5678\n";
  it("is refused if it is in bytes, or in the other order of bytes", () => {
    const [narrow, little] = [Buffer.from(text), Buffer.from(text, "utf16le")];
    const big = Buffer.from(little).swap16();
    for (const said of ["utf-16le", "utf-16be"] as const) expect(encodingOf(narrow, said)).toBe("not_utf16");
    expect(encodingOf(big, "utf-16le")).toBe("looks_like_utf16be");
    expect(encodingOf(little, "utf-16be")).toBe("looks_like_utf16le");
    expect(encodingOf(little, "utf-16le")).toEqual({ encoding: "utf-16le", mark: 0 });
    expect(encodingOf(big, "utf-16be")).toEqual({ encoding: "utf-16be", mark: 0 });
  });
});
