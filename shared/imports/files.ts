import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { LIMITS } from "../kernel/limits.ts";

export type FileDeps = { s3: S3Client; uploadBucket: string };

export const UPLOADS = "imports/";
const keyOf = (importId: string): string => `${UPLOADS}${importId}`;

/**
 * Makes an address where the operator may put the file, for an hour. It works without any other right, so it is told
 * once.
 */
export async function uploadAddress({ s3, uploadBucket }: FileDeps, importId: string): Promise<string> {
  const put = new PutObjectCommand({ Bucket: uploadBucket, Key: keyOf(importId) });
  return getSignedUrl(s3, put, { expiresIn: LIMITS.uploadSeconds });
}

/** A file as it was found. `etag` names its content. */
export type FoundFile = { bytes: number; etag: string };

/** Finds the file. Undefined: it is not there. */
export async function findFile({ s3, uploadBucket }: FileDeps, importId: string): Promise<FoundFile | undefined> {
  return ifThere(async () => {
    const head = await s3.send(new HeadObjectCommand({ Bucket: uploadBucket, Key: keyOf(importId) }));
    return { bytes: head.ContentLength ?? 0, etag: head.ETag ?? "" };
  });
}

/**
 * Reads bytes of the file: as many as asked for, or as there are. Undefined: this content is not there any more. The
 * upload address may be used again for an hour, and a segment of another file must not get into this import.
 */
export async function readBytes(
  { s3, uploadBucket }: FileDeps,
  importId: string,
  etag: string | undefined,
  from: number,
  length: number,
): Promise<Uint8Array | undefined> {
  const Range = `bytes=${from}-${from + length - 1}`;
  return ifThere(async () => {
    const got = await s3.send(
      new GetObjectCommand({ Bucket: uploadBucket, Key: keyOf(importId), Range, IfMatch: etag }),
    );
    return (await got.Body?.transformToByteArray()) ?? new Uint8Array();
  });
}

/** Without the right to list the bucket, S3 answers 403 for a missing file. 412: it is another file. */
const NOT_THERE = [403, 404, 412];

async function ifThere<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof S3ServiceException && NOT_THERE.includes(error.$metadata.httpStatusCode ?? 0))
      return undefined;
    throw error;
  }
}

/** Deletes the file as soon as nobody needs it: it may hold codes in the clear. */
export async function deleteFile({ s3, uploadBucket }: FileDeps, importId: string): Promise<void> {
  await s3.send(new DeleteObjectCommand({ Bucket: uploadBucket, Key: keyOf(importId) }));
}
