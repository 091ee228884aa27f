import { describe, expect, it } from "vitest";
import { NEVER } from "../../../shared/kernel/clock.ts";
import { Layout } from "../../../shared/stock-files/layout.ts";
import { readCodes } from "../../../shared/stock-files/read-codes.ts";
import { read } from "../../support/imports/file-of-codes.ts";
import { NOW } from "../../support/orders/order-fixtures.ts";

describe("a column that nobody named", () => {
  it("refuses the file, and says which one by its place", async () => {
    const file = await readCodes("secret,有效期,note\nA,2027-01-01,x\n", Layout.parse({}), NOW);
    expect(file).toMatchObject({ ok: false, errors: [{ pointer: "/header/1" }, { pointer: "/header/2" }] });
  });

  it("is left out where the operator ignores it, by name or by place", async () => {
    const { lines } = await read("secret,有效期,note\nA,2027-01-01,x\n", { ignore: ["note", 1] });
    expect(lines).toMatchObject([{ secret: "A", expiresAt: NEVER }]);
  });

  it("without a header refuses the lines that have something there", async () => {
    const { lines, refused } = await read("A,\nB,x\nC,y\n", { header: false, columns: { secret: 0 } });
    expect(lines).toMatchObject([{ secret: "A" }]);
    expect(refused).toEqual([2, 3].map((line) => ({ line, reason: "unnamed_column" })));
  });

  it("may not be one that is read, nor one column two things", async () => {
    const twice = [
      ["secret,expiresAt\nA,2027-01-01\n", { ignore: ["expiresAt"] }],
      ["secret,expiresAt\nA,2027-01-01\n", { ignore: [1] }],
      ["pin\nA\n", { columns: { secret: "pin", number: "pin" } }],
      ["pin\nA\n", { columns: { secret: "pin", number: 0 } }],
      ["A,B\n", { header: false, columns: { secret: 0, number: 0 } }],
      ['{"pin":"A"}\n', { format: "ndjson", columns: { secret: "pin", number: "pin" } }],
      ['{"secret":"A"}\n', { format: "ndjson", ignore: ["secret"] }],
    ] as const;
    for (const [text, layout] of twice)
      expect(await readCodes(text, Layout.parse(layout), NOW)).toMatchObject({ ok: false });
  });

  it("may have a character in its name that nobody sees: then that is said", async () => {
    for (const text of ["secret,note\u200B\nA,x\n", "secret,\u00ADnumber\nA,1\n"])
      expect(await readCodes(text, Layout.parse({ ignore: ["note"] }), NOW)).toMatchObject({
        ok: false,
        errors: [{ pointer: "/header/1", message: "has a character in its name that nobody can see" }],
      });
    // Where the operator has copied the name with it, that is the name.
    expect(
      (await read("secret\nA\n".replace("secret", "pin\u00A0code"), { columns: { secret: "pin\u00A0code" } })).lines,
    ).toHaveLength(1);
  });
});
