import type { Db } from "../aws/dynamo.ts";
import { LIMITS } from "../kernel/limits.ts";
import { listChannels } from "./keys.ts";

/** A page of something, and where the next one begins; null: there is no more. */
type Page<T> = { items: T[]; next: string | null };

/**
 * Reads a list that each channel has of its own, one channel after the other, by their ids. One call reads `searchPages` pages at most, and
 * ends at the first that has an item; `next` says where the next call goes on: in which channel, and at which place of its list.
 */
export async function acrossChannels<T>(
  deps: Db<"identity">,
  after: string,
  read: (channelId: string, place: string | undefined) => Promise<Page<T>>,
): Promise<Page<T>> {
  const [first = "", startsAt] = after.split(" ");
  const channels = (await listChannels(deps)).map(({ id }) => id).filter((id) => id >= first);
  let pages = 0;
  for (const [index, channelId] of channels.entries()) {
    let place = channelId === first ? startsAt || undefined : undefined;
    for (;;) {
      const page = await read(channelId, place);
      pages += 1;
      const follows = page.next === null ? channels[index + 1] : `${channelId} ${page.next}`;
      if (page.items.length > 0 || pages >= LIMITS.searchPages) return { items: page.items, next: follows ?? null };
      if (page.next === null) break;
      place = page.next;
    }
  }
  return { items: [], next: null };
}

/** What a place in such a list looks like, of the pattern of a place in one channel's. */
export const placeAcross = (place: RegExp): RegExp =>
  new RegExp(`^(?!$)(chan_[0-9a-z]{20,26}( |$))?(${place.source.slice(1, -1)})?$`);
