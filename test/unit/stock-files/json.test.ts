import { describe, expect, it } from "vitest";
import { NEVER } from "../../../shared/kernel/clock.ts";
import { read } from "../../support/imports/file-of-codes.ts";

const ndjson = { format: "ndjson", columns: { secret: "pin", number: "serial", expiresAt: "until" } };

/** Codes and refused lines, as they stand in the file. */
async function found(text: string, layout: object): Promise<object[]> {
  const { lines, refused } = await read(text, layout);
  return [...lines, ...refused].sort((a, b) => a.line - b.line);
}

describe("a line of JSON", () => {
  it("gives numbers as they are written, however long", async () => {
    expect(await found('{"pin":12345678901234567890,"serial":1.50}', ndjson)).toMatchObject([
      { secret: "12345678901234567890", number: "1.50" },
    ]);
  });

  it.each([
    ['{"pin":{"code":"A"}}', "bad_json"],
    ['{"pin":"A","until":{"$date":"2031-01-01T00:00:00Z"}}', "bad_json"],
    ['{"pin":"A","until":true}', "bad_json"],
    ['{"pin":"A\\ud800B"}', "not_utf8"],
    ['["A"]', "bad_json"],
    ['{"pin":null}', "secret_missing"],
    ['{"pin":"A","有效期":"2027-01-01"}', "unnamed_column"],
    ['{"pin":1.5e+20}', "scientific_number"],
    ['{"pin":"A","pin":"B"}', "field_twice"],
    ['{"until":"2027-01-01","pin":"A","until" : ""}', "field_twice"],
  ])("such as %s is refused: %s", async (text, reason) => {
    expect(await found(text, ndjson)).toEqual([{ line: 1, reason }]);
  });

  it("may leave out what is not there, or say that it is nothing", async () => {
    expect(await found('{"pin":"A"}\n{"pin":"B","until":null}', ndjson)).toMatchObject([
      { secret: "A", expiresAt: NEVER },
      { secret: "B", expiresAt: NEVER },
    ]);
  });
});
