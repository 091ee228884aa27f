import type { ToldNews } from "./event.ts";

// How news is cut, and put together, so that it fits into what the bus takes.

/** The bytes of some news as it goes over the bus. */
export const bytesOf = (told: ToldNews): number => Buffer.byteLength(JSON.stringify(told));

/**
 * Cuts news of one subject into parts of at most `most` bytes each, in order. An event is not cut: one that is larger is a part by itself.
 */
export function piecesOf(told: ToldNews, most: number): ToldNews[] {
  const { events } = told;
  if (events.length <= 1 || bytesOf(told) <= most) return [told];
  const middle = Math.ceil(events.length / 2);
  return [events.slice(0, middle), events.slice(middle)].flatMap((some) =>
    piecesOf({ ...told, types: [...new Set(some.map(({ type }) => type))], events: some }, most),
  );
}

/** How many things a group takes at most, and how many bytes. */
export type Room = { most: number; bytes: number };

/** Puts things into groups, in order, and starts a new one when the last has no room left. A thing that is larger than all room is alone. */
export function filled<Thing>(things: readonly Thing[], room: Room, sizeOf: (thing: Thing) => number): Group<Thing>[] {
  const groups: Group<Thing>[] = [];
  let bytes = 0;
  for (const thing of things) {
    const size = sizeOf(thing);
    const last = groups.at(-1);
    const fits = last !== undefined && last.length < room.most && bytes + size <= room.bytes;
    if (fits) last.push(thing);
    else groups.push([thing]);
    bytes = fits ? bytes + size : size;
  }
  return groups;
}

type Group<Thing> = [Thing, ...Thing[]];
