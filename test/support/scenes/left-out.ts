import { isFrom, type Place, type Sent } from "./expressions.ts";
import type { ItemKind } from "./item-kinds.ts";

/** The expressions in the source that nobody has sent, and those that were sent from where the source shows none. */
export function expressionsLeftOut(places: readonly Place[], sent: readonly Sent[]) {
  const made = places.filter(({ patterns }) => patterns.length > 0);
  const unproved = made.filter((place) => !sent.some((one) => isFrom(place, one)));
  const unseen = sent.filter((one) => !made.some((place) => isFrom(place, one)));
  return {
    made: made.length,
    unproved: unproved.map(({ file, function: name, kind, text }) => `${file} ${name}: ${kind} ${text}`),
    unseen: unseen.map(({ by, kind, expression }) => `${by.join(" < ")}: ${kind} ${expression}`),
  };
}

/** The kinds of items whose end no scene has seen. */
export const endsLeftOut = (kinds: readonly ItemKind[], seen: readonly string[]): string[] =>
  kinds.filter(({ kind, end }) => end !== "kept" && !seen.includes(kind)).map(({ kind }) => kind);
