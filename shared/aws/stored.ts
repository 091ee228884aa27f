import type * as z from "zod";
import type { Item, Key } from "./dynamo.ts";

/**
 * A stored item does not hold what its kind says. Names the kind, the key and the fields, never a value, so the whole
 * message may be logged.
 */
export class DamagedItem extends Error {
  override readonly name = "DamagedItem";
}

/**
 * Describes a kind of item: what it is called, what it holds, and which version of that we write. What is read is parsed:
 * attributes that the schema does not name stay behind. Items that earlier versions of the software wrote have no `v`
 * and count as version 1. If you change what a kind holds, raise its version, and read the older one here too.
 */
export function stored<T extends object>(kind: string, schema: z.ZodType<T>, version = 1) {
  const damaged = ({ pk, sk }: Item, fields: Iterable<PropertyKey>): DamagedItem =>
    new DamagedItem(`${kind} ${String(pk)} ${String(sk)}: ${[...new Set(fields)].map(String).join(", ")}`);
  /** Parses an item. Throws `DamagedItem` if it does not parse, or is of a version that this software does not know. */
  const read = (item: Item): T => {
    const { v = 1 } = item;
    if (v !== version) throw damaged(item, ["v"]);
    const parsed = schema.safeParse(item);
    if (parsed.success) return parsed.data;
    // The outermost names alone: further in a path may name what somebody has said.
    const fields = parsed.error.issues.map(({ path, ...issue }) => path[0] ?? issue.code);
    throw damaged(item, fields);
  };
  return {
    /** The version of what is written, for updates that make the item. */
    version,
    read,
    /** Parses an item, if there is one. */
    find: (item: Item | undefined): T | undefined => (item === undefined ? undefined : read(item)),
    /** Makes the item to be written, of its key, its version, what it holds and what is kept beside that. */
    write: (key: Key, value: T, beside: Item = {}): Item => ({ ...key, v: version, ...value, ...beside }),
  };
}
