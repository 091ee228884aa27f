import { WRITES_PER_TRANSACTION } from "../aws/dynamo.ts";
import type { Marks } from "./fingerprints.ts";
import { type Marked, markKeysOf } from "./marks.ts";

/**
 * Splits codes into the first of each and its repeats. Two codes are also the same if only one of them has a number.
 */
export function firstOfEach<C extends Marks>(codes: readonly C[]): { first: C[]; repeats: C[] } {
  const known = new Set<string>();
  const numbered = new Set<string>();
  const first: C[] = [];
  const repeats: C[] = [];
  for (const code of codes) {
    const { fingerprint, twin } = code;
    const isRepeat = known.has(fingerprint) || (twin === undefined ? numbered.has(fingerprint) : known.has(twin));
    (isRepeat ? repeats : first).push(code);
    if (isRepeat) continue;
    known.add(fingerprint);
    if (twin !== undefined) numbered.add(twin);
  }
  return { first, repeats };
}

/**
 * Splits codes into chunks that fit into one transaction each, beside `others` other writes. A code takes its slot and
 * its marks.
 */
export function chunksOf<C extends Marked>(productId: string, codes: readonly C[], others = 0): C[][] {
  const room = WRITES_PER_TRANSACTION - others;
  const chunks: C[][] = [];
  let slots = 0;
  let keys = new Set<string>();
  for (const code of codes) {
    const wanted = markKeysOf(productId, code);
    const more = new Set([...keys, ...wanted]);
    if (chunks.length === 0 || slots + 1 + more.size > room) {
      chunks.push([]);
      slots = 0;
      keys = new Set();
    }
    chunks.at(-1)?.push(code);
    slots += 1;
    for (const key of wanted) keys.add(key);
  }
  return chunks;
}
