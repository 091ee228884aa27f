import type { S3Client } from "@aws-sdk/client-s3";
import { type LinesBucket, putLines, readLines } from "../aws/object-lines.ts";
import type { ToldNews } from "./event.ts";
import { ToldNewsSchema } from "./told.ts";

// The archive: everything that was told, in objects by time. It is where a consumer finds what it missed, where replays
// come from, and where consumers that are yet to come begin.

export type ArchiveDeps = { s3: S3Client; eventArchive: string };

/** An object of the archive: its name, by which the next look goes on, and its news. */
export type ArchivedObject = { name: string; news: ToldNews[] };

const objects = ({ s3, eventArchive: bucket }: ArchiveDeps): LinesBucket => ({ s3, bucket, prefix: "events/" });

/** Names sort by time. The folders are for people, and for those who look for a day or an hour. */
const nameAt = (at: string, of = ""): string => `${at.slice(0, 10)}/${at.slice(11, 13)}/${at}-${of}`;

/**
 * Writes news as one object, which is named by the time of its first event and by `of`. The same news, written again, is
 * the same object. Without news there is none.
 */
export async function archive(
  deps: ArchiveDeps,
  { at, of }: { at: string; of: string },
  news: readonly ToldNews[],
): Promise<void> {
  if (news.length > 0) await putLines(objects(deps), `${nameAt(at, of)}.jsonl`, news);
}

/**
 * Reads objects from the first at or after `from`, which is a time, or behind `after`, which is the name of an object, up
 * to the time `to`; `most` of them. A batch is named by its first event: the others of it may be later than `to`.
 */
export async function readArchive(
  deps: ArchiveDeps,
  { from, to, after }: { from: string; to: string; after?: string },
  most: number,
): Promise<ArchivedObject[]> {
  const found = await readLines(objects(deps), { after: after ?? nameAt(from), before: nameAt(to) }, most);
  return found.map(({ name, lines }) => ({ name, news: lines.map((line) => ToldNewsSchema.parse(line)) }));
}
