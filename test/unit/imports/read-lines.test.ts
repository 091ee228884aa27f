import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Layout } from "../../../shared/imports/layout.ts";
import { type LinesRead, readLines, type Unreadable } from "../../../shared/imports/read-lines.ts";
import { linesIn } from "../../../shared/imports/segments.ts";
import { readCodes } from "../../../shared/inventory/csv.ts";
import { NEVER } from "../../../shared/inventory/model.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { NOW } from "../../support/order-fixtures.ts";

async function read(text: string, layout: object = {}, bytesSaid?: number): Promise<LinesRead | Unreadable> {
  const content = new TextEncoder().encode(text);
  const bytes = bytesSaid ?? content.length;
  const readBytes = async (from: number, length: number) => content.slice(from, from + length);
  return readLines(readBytes, Layout.parse(layout), { bytes, bytesDone: 0, linesDone: 0 }, NOW);
}

async function found(text: string, layout: object = {}): Promise<LinesRead["found"]> {
  const lines = await read(text, layout);
  if (typeof lines === "string") throw new Error(lines);
  return lines.found;
}

const ndjson = { format: "ndjson", columns: { secret: "pin", number: "serial", expiresAt: "until" } };

describe("an uploaded file", () => {
  it.each(["\n", "\r\n", "\r"])("may end its lines with %j", async (end) => {
    const lines = await found(["secret", "AAAA", "", "BBBB"].join(end));
    expect(lines).toMatchObject([{ secret: "AAAA" }, { reason: "empty" }, { secret: "BBBB" }]);
  });

  it("is cut into the same lines wherever a read of it ends", () => {
    const text = fc.string({ unit: fc.constantFrom("A", "卡", ",", "\n", "\r", "\r\n"), maxLength: 30 });
    fc.assert(
      fc.property(text, fc.nat({ max: 60 }), (whole, at) => {
        const bytes = new TextEncoder().encode(whole);
        const lines = (some: Uint8Array, isEnd: boolean) => {
          const read = linesIn(some, "utf-8", isEnd, Infinity);
          return typeof read === "string" ? { texts: [], bytes: 0 } : read;
        };
        const all = lines(bytes, true);
        const first = lines(bytes.subarray(0, at), at >= bytes.length);
        const rest = lines(bytes.subarray(first.bytes), true);
        expect([...first.texts, ...rest.texts]).toEqual(all.texts);
      }),
    );
  });

  it("is read like one in a request, line by line", async () => {
    const cell = fc.constantFrom("AAAA", "BBBB", "", '"', '"C,C"', "2099-12-31", "2031-02-30", "\u0007");
    const row = fc.array(cell, { minLength: 1, maxLength: 3 }).map((cells) => cells.join(",").replace(/,$/, ""));
    const end = fc.constantFrom("\n", "\r\n", "\r");
    const rows = fc.tuple(fc.array(row, { minLength: 1, maxLength: 6 }), end);
    await fc.assert(
      fc.asyncProperty(rows, async ([lines, by]) => {
        const text = `secret,expiresAt${by}${lines.join(by)}${by}`;
        const inRequest = readCodes(text, NOW);
        if (!inRequest.ok) throw new Error(inRequest.detail);
        const { lines: codes, refused } = inRequest.value;
        expect(await found(text)).toEqual([...codes, ...refused].sort((a, b) => a.line - b.line));
      }),
    );
  });

  it.each([
    ["no column for the secret", "code\nA\n", {}, "no_secret_column"],
    ["nothing in it", "", {}, "no_secret_column"],
    [
      "no column of the name that was asked for",
      "secret,valid\nA,2031-01-01\n",
      { columns: { secret: "secret", expiresAt: "Valid until" } },
      "column_missing",
    ],
    ["a column twice", "secret,secret\nA,B\n", {}, "column_twice"],
  ])("with %s can't be read", async (_, text, layout, reason) => {
    expect(await read(text, layout)).toBe(reason);
  });

  it("that has become shorter than it was can't be read, rather than read for ever", async () => {
    expect(await read("secret", {}, 100)).toBe("file_changed");
  });

  it("may have columns that nobody asked for, empty ones behind them, and no others", async () => {
    expect(await found("secret,note\nAAAA,x\nBBBB,y,,\nCCCC,z,DDDD\n")).toMatchObject([
      { secret: "AAAA" },
      { secret: "BBBB" },
      { reason: "wrong_columns" },
    ]);
  });

  it("without its expiry, a line is not taken for one that is good for ever", async () => {
    const byPlace = { header: false, columns: { secret: 0, expiresAt: 2 } };
    expect(await found("AAAA,x,2099-12-31\nBBBB,x\nCCCC,x,\n", byPlace)).toMatchObject([
      { secret: "AAAA", expiresAt: "2099-12-31T23:59:59.999Z" },
      { reason: "wrong_columns" },
      { secret: "CCCC", expiresAt: NEVER },
    ]);
  });

  it("leaves nothing of its first line to be kept but where the columns are", async () => {
    const text = "SECRET-CODE-1,x\nSECRET-CODE-2,x\n";
    const { found: _found, ...kept } = (await read(text, { columns: { secret: 0 } })) as LinesRead;
    expect(JSON.stringify(kept)).not.toContain("SECRET");
  });

  it("may have a million lines besides its header, whatever it is", async () => {
    const place = { bytes: 20, bytesDone: 0, linesDone: LIMITS.uploadLines };
    const last = (layout: object, more = {}) =>
      readLines(
        async () => new TextEncoder().encode('{"secret":"A"}\n'),
        Layout.parse(layout),
        { ...place, ...more },
        NOW,
      );
    expect(await last({ format: "ndjson" })).toBe("too_many_lines");
    expect(await last({ format: "ndjson" }, { linesDone: LIMITS.uploadLines - 1 })).toMatchObject({ lines: 1 });
  });
});

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
