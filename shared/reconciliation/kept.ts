import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Difference } from "./model.ts";

/** Where statements are kept as they were read, and differences. Neither names a person. */
export type KeptDeps = { s3: S3Client; statements: string };

const partOf = (part: number): string => String(part).padStart(5, "0");
const linesKey = (provider: string, day: string, hash: string, part: number): string =>
  `lines/${provider}/${day}/${hash}/${partOf(part)}.ndjson.gz`;
const differencesKey = (provider: string, day: string, name: string, part: number): string =>
  `differences/${provider}/${day}/${name}/${partOf(part)}.ndjson`;

/** Keeps what was read, by its hash. The same again replaces itself. */
export async function keepLines(
  { s3, statements: Bucket }: KeptDeps,
  { provider, day, hash }: { provider: string; day: string; hash: string },
  parts: readonly Buffer[],
): Promise<void> {
  for (const [part, Body] of parts.entries())
    await s3.send(new PutObjectCommand({ Bucket, Key: linesKey(provider, day, hash, part), Body }));
}

/** Differences of one object: a page of a list lies in two of them at most. */
export const PER_PART = 1_000;

/** Writes differences as they are found, an object for each thousand. */
export class DifferencesWriter {
  private readonly deps: KeptDeps;
  private readonly of: { provider: string; day: string; name: string };
  private open: Difference[] = [];
  parts = 0;

  constructor(deps: KeptDeps, of: { provider: string; day: string; name: string }) {
    this.deps = deps;
    this.of = of;
  }

  async add(one: Difference): Promise<void> {
    this.open.push(one);
    if (this.open.length === PER_PART) await this.put();
  }

  async end(): Promise<void> {
    if (this.open.length > 0) await this.put();
  }

  private async put(): Promise<void> {
    const { provider, day, name } = this.of;
    const Body = this.open.map((one) => `${JSON.stringify(one)}\n`).join("");
    const Key = differencesKey(provider, day, name, this.parts);
    await this.deps.s3.send(new PutObjectCommand({ Bucket: this.deps.statements, Key, Body }));
    this.parts++;
    this.open = [];
  }
}

/** Reads one object of differences, of those that a day says that it has. */
export async function readPart(
  { s3, statements: Bucket }: KeptDeps,
  { provider, day, name }: { provider: string; day: string; name: string },
  part: number,
): Promise<Difference[]> {
  const Key = differencesKey(provider, day, name, part);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  const text = ((await Body?.transformToString()) ?? "").trimEnd();
  return text.split("\n").map((line) => JSON.parse(line) as Difference);
}
