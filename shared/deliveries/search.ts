import type { Db } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { oneName, trimmed } from "../kernel/one-name.ts";
import { ADDRESSES } from "../orders/contact.ts";
import type { Recognise, RecognitionDeps } from "../secrecy/recognition.ts";
import { windowOf } from "./find.ts";
import { countSearch } from "./table.ts";

/** What a buyer looks for: an order's number and their own address, each by its keyed hash. */
export type Search = { person: string; reference: string };

type SearchDeps = Db<"operations"> & { clock: Clock } & RecognitionDeps & {
    /** Has it looked for, later and elsewhere. */
    queue: (search: Search) => Promise<void>;
  };

/**
 * Has an order looked for, by its number and its buyer's address. The answer and the work are the same whatever there is: nobody looks
 * now, and what is found is told to that address alone. `too_many`: so many came from this network that this one is not looked at.
 */
export async function searchOrder(
  deps: SearchDeps,
  { reference, contact }: { reference: string; contact: string },
  sourceIp: string,
): Promise<"taken" | "too_many"> {
  const place = windowOf(sourceIp, deps.clock(), LIMITS.searchesSeconds);
  if ((await countSearch(deps, place, place.endsAt)) > LIMITS.searchesPerAddress) return "too_many";
  const recognise = await deps.recognise();
  const person = recognise("contact", contact.toLowerCase());
  await deps.queue({ person, reference: referenceName(recognise, reference) });
  return "taken";
}

/** Names an order's number by a keyed hash. People write capitals, spaces and widths as they like. */
export const referenceName = (recognise: Recognise, reference: string): string =>
  recognise("reference", oneName(reference));

/** A number of mainland China as people there write it. */
const CHINESE_NUMBER = /^1\d{10}$/;

/** Reads a mail address or a number in the one form that contacts are compared in. Undefined: it is neither. */
export function contactFrom(text: string): string | undefined {
  if (text.includes("@")) return ADDRESSES.email.safeParse(text).data;
  const digits = trimmed(text)
    .normalize("NFKC")
    .replaceAll(/[ ().-]/g, "");
  return ADDRESSES.phone.safeParse(CHINESE_NUMBER.test(digits) ? `+86${digits}` : digits).data;
}
