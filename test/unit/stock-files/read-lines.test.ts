import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NEVER } from "../../../shared/kernel/clock.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { Layout } from "../../../shared/stock-files/layout.ts";
import { linesIn } from "../../../shared/stock-files/lines.ts";
import { readCodes } from "../../../shared/stock-files/read-codes.ts";
import { type LinesRead, type Place, readLines, type Unreadable } from "../../../shared/stock-files/read-lines.ts";
import { NOW } from "../../support/orders/order-fixtures.ts";

async function read(
  text: string | Uint8Array,
  layout: object = {},
  bytesSaid?: number,
): Promise<LinesRead | Unreadable> {
  const content = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const bytes = bytesSaid ?? content.length;
  const readBytes = async (from: number, length: number) => content.slice(from, from + length);
  return readLines(readBytes, Layout.parse(layout), { bytes, bytesDone: 0, linesDone: 0 }, NOW);
}

async function found(text: string | Uint8Array, layout: object = {}): Promise<LinesRead["found"]> {
  const lines = await read(text, layout);
  if ("reason" in lines) throw new Error(lines.reason);
  return lines.found;
}

describe("an uploaded file", () => {
  it.each(["\n", "\r\n", "\r"])("may end its lines with %j", async (end) => {
    const lines = await found(["secret", "AAAA", "", "BBBB"].join(end));
    expect(lines).toMatchObject([
      { line: 2, secret: "AAAA" },
      { line: 4, secret: "BBBB" },
    ]);
  });

  it("is cut into the same lines wherever a read of it ends", () => {
    const text = fc.string({ unit: fc.constantFrom("A", "卡", ",", "\n", "\r", "\r\n"), maxLength: 30 });
    fc.assert(
      fc.property(text, fc.nat({ max: 60 }), (whole, at) => {
        const bytes = new TextEncoder().encode(whole);
        const lines = (some: Uint8Array, isEnd: boolean) => {
          const read = linesIn(some, "utf-8", isEnd, Infinity);
          return typeof read === "string" ? { texts: [], lines: 0, bytes: 0 } : read;
        };
        const all = lines(bytes, true);
        const first = lines(bytes.subarray(0, at), at >= bytes.length);
        const rest = lines(bytes.subarray(first.bytes), true);
        const behind = rest.texts.map(({ at, text }) => ({ at: at + first.lines, text }));
        expect([...first.texts, ...behind]).toEqual(all.texts);
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
        const inRequest = await readCodes(text, Layout.parse({}), NOW);
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
    expect(await read(text, layout)).toMatchObject({ reason });
  });

  it("may begin with more empty lines than a segment has", async () => {
    const empty = "\n".repeat(LIMITS.segmentBytes);
    expect(
      await inParts(new TextEncoder().encode(`${empty}secret\nAAAA\n`), Layout.parse({}), [LIMITS.segmentBytes]),
    ).toMatchObject([{ line: LIMITS.segmentBytes + 2, secret: "AAAA" }]);
    expect(await inParts(new TextEncoder().encode(empty), Layout.parse({}), [100])).toMatchObject({
      reason: "no_secret_column",
    });
  });

  it("that has become shorter than it was can't be read, rather than read for ever", async () => {
    expect(await read("secret", {}, 100)).toEqual({ reason: "file_changed" });
  });

  it("may have columns that are ignored, empty ones behind them, and no others", async () => {
    const text = "secret,note\nAAAA,x\nBBBB,y,,\nCCCC,z,DDDD\n";
    expect(await read(text)).toEqual({ reason: "column_not_named", at: [1] });
    expect(await found(text, { ignore: ["note"] })).toMatchObject([
      { secret: "AAAA" },
      { secret: "BBBB" },
      { reason: "wrong_columns" },
    ]);
  });

  it("without its expiry, a line is not taken for one that is good for ever", async () => {
    const byPlace = { header: false, columns: { secret: 0, expiresAt: 2 }, ignore: [1] };
    expect(await found("AAAA,x,2099-12-31\nBBBB,x\nCCCC,x,\n", byPlace)).toMatchObject([
      { secret: "AAAA", expiresAt: "2099-12-31T23:59:59.999Z" },
      { reason: "wrong_columns" },
      { secret: "CCCC", expiresAt: NEVER },
    ]);
  });

  it("leaves nothing of its first line to be kept but where the columns are", async () => {
    const text = "SECRET-CODE-1,x\nSECRET-CODE-2,x\n";
    const { found: _found, ...kept } = (await read(text, { columns: { secret: 0 }, ignore: [1] })) as LinesRead;
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
    expect(await last({ format: "ndjson" })).toEqual({ reason: "too_many_lines" });
    expect(await last({ format: "ndjson" }, { linesDone: LIMITS.uploadLines - 1 })).toMatchObject({ lines: 1 });
  });
});

/** Reads a whole file as an importer does: a part after the other, each told what the ones before have told. */
async function inParts(content: Uint8Array, layout: Layout, sizes: readonly number[]) {
  const every: LinesRead["found"] = [];
  let place: Place = { bytes: content.length, bytesDone: 0, linesDone: 0 };
  for (let part = 0; place.bytesDone < content.length || part === 0; part++) {
    // A read that is too short for a line is tried again with more, as a segment is longer than any line.
    let size = sizes[part] ?? content.length;
    const read = async (from: number) => content.subarray(from, from + size);
    let segment = await readLines(read, layout, place, NOW);
    for (
      ;
      "reason" in segment && segment.reason === "file_changed";
      segment = await readLines(read, layout, place, NOW)
    )
      size = size * 2 + 8;
    if ("reason" in segment) return segment;
    const { found, lines, ...progress } = segment;
    // Somebody reads it again, because another one has died, and knows already what the beginning has told.
    const { encoding, places } = progress;
    const again = { ...place, encoding, ...(places === undefined ? {} : { places }) };
    expect(await readLines(read, layout, again, NOW)).toEqual(segment);
    every.push(...found);
    place = { bytes: content.length, linesDone: place.linesDone + lines, ...progress };
  }
  return every;
}

const encoders: Record<string, (text: string) => Uint8Array> = {
  "utf-8": (text) => new TextEncoder().encode(text),
  "utf-16le": (text) => Buffer.from(text, "utf16le"),
  "utf-16be": (text) => Buffer.from(text, "utf16le").swap16(),
};

describe("a file that is read in parts", () => {
  const cell = fc.constantFrom(
    "AAAA",
    "卡密",
    "",
    '"',
    '"C,C"',
    '"D',
    'E"',
    '""',
    '"F\nG"',
    "2099-12-31",
    "#N/A",
    "H\u200B",
    " ",
  );
  const row = fc.array(cell, { minLength: 1, maxLength: 3 }).map((cells) => cells.join(","));
  const file = fc.record({
    rows: fc.array(row, { maxLength: 8 }),
    end: fc.constantFrom("\n", "\r\n", "\r"),
    header: fc.constantFrom("secret,expiresAt", ",\n\nsecret,expiresAt", ""),
    encoding: fc.constantFrom("utf-8", "utf-16le", "utf-16be"),
    mark: fc.boolean(),
  });

  it("gives the same wherever it is cut, in every encoding", async () => {
    await fc.assert(
      fc.asyncProperty(
        file,
        fc.array(
          fc.integer({ min: 4, max: 60 }).map((n) => n * 2),
          { maxLength: 8 },
        ),
        async (it, sizes) => {
          const text = [...(it.header === "" ? [] : [it.header]), ...it.rows, ""].join(it.end);
          const content = encoders[it.encoding]?.(it.mark ? `\uFEFF${text}` : text) ?? new Uint8Array();
          const byPlace = it.header === "" ? { header: false, columns: { secret: 0, expiresAt: 1 } } : {};
          const layout = Layout.parse({ encoding: it.mark ? "gbk" : it.encoding, ...byPlace });
          const whole = await inParts(content, layout, []);
          expect(await inParts(content, layout, sizes)).toEqual(whole);
          const plain = await inParts(new TextEncoder().encode(text), Layout.parse(byPlace), []);
          expect(whole).toEqual(plain);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("an encoding", () => {
  const text = "secret\nSECRET-卡-1\nSECRET-B-2\n";
  const codes = [{ secret: "SECRET-卡-1" }, { secret: "SECRET-B-2" }];

  it.each(Object.keys(encoders))(
    "is what the byte order mark says, whatever the operator says: %s",
    async (encoding) => {
      const content = encoders[encoding]?.(`\uFEFF${text}`) ?? "";
      for (const said of ["utf-8", "gbk", "utf-16le", "utf-16be"])
        expect(await found(content, { encoding: said })).toMatchObject(codes);
    },
  );

  it.each([
    ["utf-16le", "looks_like_utf16le"],
    ["utf-16be", "looks_like_utf16be"],
  ])("is not guessed where nothing says it: %s is named", async (encoding, reason) => {
    const content = encoders[encoding]?.(text) ?? "";
    for (const said of ["utf-8", "gbk"]) expect(await read(content, { encoding: said })).toEqual({ reason });
    expect(await found(content, { encoding })).toMatchObject(codes);
  });

  it.each(["utf-8", "utf-16le", "utf-16be"])("may have its mark twice, as joined files have: %s", async (encoding) => {
    expect(await found(encoders[encoding]?.(`\uFEFF\uFEFF${text}`) ?? "")).toMatchObject(codes);
    const joined = `\uFEFF${text}\uFEFF\n\uFEFFSECRET-C\n`;
    expect((await found(encoders[encoding]?.(joined) ?? "")).at(-1)).toMatchObject({
      line: 5,
      reason: "invisible_character",
    });
  });

  it("may be GB 18030 with its own mark, and characters that GBK does not have", async () => {
    const bytes = Buffer.concat([
      Buffer.from([0x84, 0x31, 0x95, 0x33]),
      Buffer.from("secret\nA-"),
      Buffer.from([0xbf, 0xa8, 0x82, 0x35, 0x8f, 0x33]),
    ]);
    for (const said of ["utf-8", "gbk", "utf-16le"])
      expect(await found(bytes, { encoding: said })).toMatchObject([{ secret: "A-卡龦" }]);
  });

  it("is named where it is UTF-32, with a mark and without", async () => {
    const wide = (some: string, isBig: boolean): Uint8Array =>
      Buffer.concat(
        Array.from(some, (letter) => {
          const four = Buffer.alloc(4);
          const number = letter.codePointAt(0) ?? 0;
          if (isBig) four.writeUInt32BE(number);
          else four.writeUInt32LE(number);
          return four;
        }),
      );
    for (const some of [text, `\uFEFF${text}`, "卡密\n卡密一\n"])
      for (const isBig of [false, true])
        expect(await read(wide(some, isBig), { encoding: "gbk" })).toEqual({ reason: "unknown_encoding" });
  });

  it("is not that of a request whose text was UTF-16 before somebody sent it", async () => {
    const sent = await readCodes(text.split("").join("\0"), Layout.parse({}), NOW);
    expect(sent).toMatchObject({ ok: false, detail: expect.stringContaining("UTF-16") });
  });
});
