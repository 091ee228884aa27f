import { createHash } from "node:crypto";

/** Chance that can be had again: the same seed gives the same numbers. */
export type Random = {
  /** From 0 up to but not including 1. */
  next(): number;
  /** A whole number from 0 up to but not including `below`. */
  below(below: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
};

/** Gives the same things in another order, which is the same for each seed. */
export function shuffled<T>(things: readonly T[], seed: number): T[] {
  const random = seeded(seed, "order");
  return things
    .map((thing) => ({ thing, place: random.next() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ thing }) => thing);
}

/** Each name has a stream of its own, so that what one helper draws does not shift what another one will. */
export function seeded(seed: number, name: string): Random {
  let state = createHash("sha256").update(`${seed} ${name}`).digest().readUInt32LE(0);
  // mulberry32: 32 bits of state are plenty for a few thousand draws.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { next, below, pick: (from) => from[below(from.length)] ?? from[0] };
}
