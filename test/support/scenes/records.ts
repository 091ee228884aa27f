import { randomUUID } from "node:crypto";
import { globSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "../../../infra/local/places.ts";
import type { Sent } from "./expressions.ts";

/** What a file of scenes leaves for the check that nothing was left out: what it has sent, and the kinds of items it has made. */
export type SceneRecord = { file: string; sent: Sent[]; kinds: string[] };

/** Writes a file's record into the run's folder. What was sent in the same way several times stands in it once. */
export function writeRecord(folder: string, { file, sent, kinds }: SceneRecord): void {
  const once = [...new Map(sent.map((one) => [JSON.stringify(one), one])).values()];
  const record: SceneRecord = { file: relative(root, file), sent: once, kinds };
  writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(record));
}

/** All records of this run. */
export const readRecords = (folder: string): SceneRecord[] =>
  readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as SceneRecord);

/** The files that leave a record when all of their tests are over: those that stand on the ground of scenes, or on one made of it. */
export const filesOfScenes = (): string[] =>
  globSync("test/second-engine/**/*.test.ts", { cwd: root }).filter((file) =>
    /\b(?:scene|catalogue)Ground\(/.test(readFileSync(join(root, file), "utf8")),
  );
