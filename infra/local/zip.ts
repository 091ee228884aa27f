import { crc32 } from "node:zlib";

const VERSION = 20;
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** A plain file that all may read. Lambda runs as another user than the one that owns the code. */
const MODE = 0o100644;
/** The first day that the format knows, so that the same files always make the same archive. */
const FIRST_DAY = 0x21;

/** Packs files into a zip archive, uncompressed: it only goes to an engine on the same machine. */
export function zipOf(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const entries: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, contents] of files) {
    const name = Buffer.from(path);
    const common = commonHeader(name, contents);
    const local = Buffer.concat([u32(LOCAL), common, name, contents]);
    entries.push(local);
    directory.push(Buffer.concat([u32(CENTRAL), u16(UNIX), common, attributes(offset), name]));
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  const count = u16(files.size);
  const end = Buffer.concat([u32(END), u16(0), u16(0), count, count, u32(index.length), u32(offset), u16(0)]);
  return Buffer.concat([...entries, index, end]);
}

/** Says that the attributes of a file are those of Unix. */
const UNIX = (3 << 8) | VERSION;

/**
 * Makes the part that both headers of a file share: version, flags, method (stored), time, day, checksum, both sizes,
 * and the lengths of the name and of the extra field, which is empty.
 */
const commonHeader = (name: Buffer, contents: Uint8Array): Buffer =>
  Buffer.concat([
    u16(VERSION),
    u16(0),
    u16(0),
    u16(0),
    u16(FIRST_DAY),
    u32(crc32(contents)),
    u32(contents.length),
    u32(contents.length),
    u16(name.length),
    u16(0),
  ]);

/**
 * Makes the end of a file's entry in the directory: no comment, the first disk, no internal attributes, the file's
 * mode, and where the file begins.
 */
const attributes = (offset: number): Buffer =>
  Buffer.concat([u16(0), u16(0), u16(0), u32(MODE * 0x1_0000), u32(offset)]);

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
