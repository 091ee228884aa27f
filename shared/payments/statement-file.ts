/** Reads statements that come as files: as a stream, so that a file of any size takes little memory. */
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { BrokenStatement } from "./statement-contract.ts";

type Bytes = AsyncIterable<Uint8Array>;

/** A day of a million payments has some 300 MB. */
const MOST_BYTES = 512 * 1024 * 1024;
/** A line has 25 or so cells, the longest of them a title of goods. */
const LONGEST_LINE = 64 * 1024;
/** How long all of it may take to come. A provider that gives its usual seconds could not send a large file in them. */
export const FILE_MS = 180_000;

/** Gives an answer's body as it comes. Throws `BrokenStatement` where the connection is lost. */
export async function* bodyOf(response: Response): AsyncGenerator<Uint8Array> {
  try {
    yield* response.body ?? [];
  } catch {
    throw new BrokenStatement("connection_lost");
  }
}

/** Unpacks what was packed by gzip; anything else stays as it is. */
export async function* unpacked(bytes: Bytes): AsyncGenerator<Uint8Array> {
  const source = bytes[Symbol.asyncIterator]();
  const first = await source.next();
  if (first.done === true) return;
  const all = (async function* () {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => source };
  })();
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) return yield* all;
  try {
    // What goes wrong on the way comes out at the end of the pipe.
    yield* pipeline(Readable.from(all), createGunzip(), () => undefined);
  } catch (error) {
    throw error instanceof BrokenStatement ? error : new BrokenStatement("unreadable_file");
  }
}

/** Cuts a text into its lines, as it comes. */
export class Lines {
  private readonly decoder: InstanceType<typeof TextDecoder>;
  private rest = "";
  private bytes = 0;

  constructor(encoding: "utf-8" | "gbk") {
    this.decoder = new TextDecoder(encoding, { fatal: true });
  }

  /** Takes some bytes and gives the lines that are whole now. `isLast`: what is left is a line too. */
  take(bytes: Uint8Array, isLast = false): string[] {
    this.bytes += bytes.byteLength;
    if (this.bytes > MOST_BYTES) throw new BrokenStatement("file_too_large");
    const lines = `${this.rest}${this.decode(bytes, isLast)}`.split("\n");
    this.rest = isLast ? "" : (lines.pop() ?? "");
    if (this.rest.length > LONGEST_LINE) throw new BrokenStatement("unreadable_file");
    return lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  }

  private decode(bytes: Uint8Array, isLast: boolean): string {
    try {
      return this.decoder.decode(bytes, { stream: !isLast });
    } catch {
      throw new BrokenStatement("unreadable_file");
    }
  }
}

/** Gives the lines of a file in UTF-8, without a byte order mark. */
export async function* linesOf(bytes: Bytes): AsyncGenerator<string> {
  const lines = new Lines("utf-8");
  for await (const chunk of bytes) yield* lines.take(chunk);
  yield* lines.take(new Uint8Array(), true);
}

/** The columns that count, by our names for them, each with the names that a provider has given it over the years. */
export type Columns<K extends string> = Readonly<Record<K, readonly string[]>>;

/** Makes a reader of rows by the names in a file's head: columns have moved, and their number has changed. Throws if one is missing. */
export function rowReader<K extends string>(head: readonly string[], columns: Columns<K>) {
  const names = head.map(plain);
  const places = (Object.entries(columns) as [K, readonly string[]][]).map(([key, known]) => {
    const place = names.findIndex((name) => known.some((one) => plain(one) === name));
    if (place === -1) throw new BrokenStatement("other_columns");
    return [key, place] as const;
  });
  /** Undefined: the line has another number of cells than the head, so nobody can say which is which. */
  return (cells: readonly string[]): Record<K, string> | undefined =>
    cells.length === head.length
      ? (Object.fromEntries(places.map(([key, place]) => [key, (cells[place] ?? "").trim()])) as Record<K, string>)
      : undefined;
}

/** Brackets and blanks of one width: both are in use for the same column. */
const plain = (name: string): string =>
  name
    .replaceAll("（", "(")
    .replaceAll("）", ")")
    .replace(/[\s\uFEFF]/g, "");

type Balanced = { at: string; balance: number; moved: number };

/**
 * Keeps the balance at the end of a day. Some files have the newest line first, and many lines have the same second: which comes first is
 * told by the balances, each of which is the one before and what has moved since; and only if they don't tell it by the times.
 */
export class Closing {
  private first: Balanced | undefined;
  private last: Balanced | undefined;
  private isNewestFirst: boolean | undefined;

  note(at: string, balance: number, moved: number): void {
    const line = { at, balance, moved };
    const before = this.last;
    if (before !== undefined && this.isNewestFirst === undefined) {
      const isForward = balance === before.balance + moved;
      const isBackward = before.balance === balance + before.moved;
      if (isForward !== isBackward) this.isNewestFirst = isBackward;
    }
    this.first ??= line;
    this.last = line;
  }

  get amount(): number | undefined {
    const { first, last } = this;
    if (first === undefined || last === undefined) return undefined;
    return (this.isNewestFirst ?? first.at > last.at) ? first.balance : last.balance;
  }
}
