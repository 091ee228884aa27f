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

const keyOf = (importId: string): string => `imports/${importId}`;

/** Where the operator may put the file, for an hour: whoever has the address needs no other right, so it is told once. */
export async function uploadAddress({ s3, uploadBucket }: FileDeps, importId: string): Promise<string> {
  const put = new PutObjectCommand({ Bucket: uploadBucket, Key: keyOf(importId) });
  return getSignedUrl(s3, put, { expiresIn: LIMITS.uploadSeconds });
}

/** How long the file is; undefined: it is not there. */
export async function sizeOf({ s3, uploadBucket }: FileDeps, importId: string): Promise<number | undefined> {
  try {
    const head = await s3.send(new HeadObjectCommand({ Bucket: uploadBucket, Key: keyOf(importId) }));
    return head.ContentLength ?? 0;
  } catch (error) {
    // Who may not list the bucket is told that it may not look, instead of that there is nothing.
    if (error instanceof S3ServiceException && [403, 404].includes(error.$metadata.httpStatusCode ?? 0))
      return undefined;
    throw error;
  }
}

/** The bytes from here on, as many as asked for or as there are. */
export async function readBytes(
  { s3, uploadBucket }: FileDeps,
  importId: string,
  from: number,
  length: number,
): Promise<Uint8Array> {
  const Range = `bytes=${from}-${from + length - 1}`;
  const got = await s3.send(new GetObjectCommand({ Bucket: uploadBucket, Key: keyOf(importId), Range }));
  return (await got.Body?.transformToByteArray()) ?? new Uint8Array();
}

/** The file may hold codes in the clear: it is gone as soon as nobody needs it. */
export async function deleteFile({ s3, uploadBucket }: FileDeps, importId: string): Promise<void> {
  await s3.send(new DeleteObjectCommand({ Bucket: uploadBucket, Key: keyOf(importId) }));
}
