import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { ToldNews } from "./event.ts";
import { ToldNewsSchema } from "./told.ts";

// The archive: everything that was told, in objects by time. It is where a consumer finds what it missed, where replays
// come from, and where consumers that are yet to come begin.

export type ArchiveDeps = { s3: S3Client; eventArchive: string };

/** An object of the archive: its name, by which the next look goes on, and its news. */
export type ArchivedObject = { name: string; news: ToldNews[] };

const PREFIX = "events/";

/** Names sort by time. The folders are for people, and for those who look for a day or an hour. */
const nameAt = (at: string, of = ""): string => `${at.slice(0, 10)}/${at.slice(11, 13)}/${at}-${of}`;

/**
 * Writes news as one object, which is named by the time of its first event and by `of`. The same news, written again, is
 * the same object. Without news there is none.
 */
export async function archive(
  { s3, eventArchive }: ArchiveDeps,
  { at, of }: { at: string; of: string },
  news: readonly ToldNews[],
): Promise<void> {
  if (news.length === 0) return;
  const Body = news.map((one) => `${JSON.stringify(one)}\n`).join("");
  const Key = `${PREFIX}${nameAt(at, of)}.jsonl`;
  await s3.send(new PutObjectCommand({ Bucket: eventArchive, Key, Body, ContentType: "application/x-ndjson" }));
}

/**
 * Reads objects from the first at or after `from`, which is a time, or behind `after`, which is the name of an object, up
 * to the time `to`; `most` of them. A batch is named by its first event: the others of it may be later than `to`.
 */
export async function readArchive(
  { s3, eventArchive }: ArchiveDeps,
  { from, to, after }: { from: string; to: string; after?: string },
  most: number,
): Promise<ArchivedObject[]> {
  const page = await s3.send(
    new ListObjectsV2Command({
      Bucket: eventArchive,
      Prefix: PREFIX,
      StartAfter: `${PREFIX}${after ?? nameAt(from)}`,
      MaxKeys: most,
    }),
  );
  const end = nameAt(to);
  const names = (page.Contents ?? []).flatMap(({ Key }) => Key?.slice(PREFIX.length) ?? []);
  return Promise.all(
    names
      .filter((name) => name < end)
      .map(async (name) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: eventArchive, Key: `${PREFIX}${name}` }));
        const lines = ((await Body?.transformToString()) ?? "").trimEnd().split("\n");
        return { name, news: lines.map((line) => ToldNewsSchema.parse(JSON.parse(line))) };
      }),
  );
}
