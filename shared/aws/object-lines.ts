import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";

/** A part of a bucket whose objects hold one JSON value a line, and whose names sort by time. */
export type LinesBucket = { s3: S3Client; bucket: string; prefix: string };

/** An object, by its name without the prefix, and what its lines say. */
export type ObjectLines = { name: string; lines: unknown[] };

/** Writes an object of these values. The same name again replaces it. */
export async function putLines(
  { s3, bucket, prefix }: LinesBucket,
  name: string,
  values: readonly object[],
): Promise<void> {
  const Body = values.map((value) => `${JSON.stringify(value)}\n`).join("");
  const Key = `${prefix}${name}`;
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType: "application/x-ndjson" }));
}

/**
 * Reads the objects whose names sort behind `after` and, where it is said, before `before`: the first `most` of them, at most
 * 1,000. Throws a `SyntaxError` if a line is no JSON.
 */
export async function readLines(
  { s3, bucket, prefix }: LinesBucket,
  { after, before }: { after: string; before?: string },
  most: number,
): Promise<ObjectLines[]> {
  const StartAfter = `${prefix}${after}`;
  const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, StartAfter, MaxKeys: most }));
  const names = (page.Contents ?? []).flatMap(({ Key }) => Key?.slice(prefix.length) ?? []);
  return Promise.all(
    names
      .filter((name) => before === undefined || name < before)
      .map(async (name) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: `${prefix}${name}` }));
        const text = ((await Body?.transformToString()) ?? "").trimEnd();
        return { name, lines: text.split("\n").map((line): unknown => JSON.parse(line)) };
      }),
  );
}
