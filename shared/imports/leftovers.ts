import { DeleteObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { Db } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { type FileDeps, UPLOADS } from "./files.ts";
import { isAtWork, type LargeImport } from "./model.ts";
import { readImport } from "./table.ts";

type Deps = Db<"operations"> & FileDeps & { clock: Clock };

/** Files of one page, whose imports are read at the same time. */
const FILES_PER_LOOK = 100;

/**
 * Deletes files that no import will read. (An upload address is good for an hour, also if its import is over by then.)
 * Idempotent, and safe to interrupt. It ends when `hasTime` says no; the next look goes on with what is left.
 */
export async function deleteLeftovers(deps: Deps, hasTime: () => boolean): Promise<{ seen: number; deleted: number }> {
  const { s3, uploadBucket: Bucket } = deps;
  const done = { seen: 0, deleted: 0 };
  for (let StartAfter = UPLOADS; hasTime(); ) {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket, Prefix: UPLOADS, StartAfter, MaxKeys: FILES_PER_LOOK }),
    );
    const keys = (page.Contents ?? []).flatMap(({ Key }) => Key ?? []);
    const over = await Promise.all(keys.map(async (Key) => ((await isWanted(deps, Key)) ? [] : [Key])));
    await Promise.all(over.flat().map((Key) => s3.send(new DeleteObjectCommand({ Bucket, Key }))));
    done.seen += keys.length;
    done.deleted += over.flat().length;
    const last = keys.at(-1);
    if (last === undefined) return done;
    StartAfter = last;
  }
  return done;
}

/** Tells whether an import works with this file, or still waits for it. No state leads back to one of these. */
async function isWanted(deps: Deps, key: string): Promise<boolean> {
  const of = await readImport(deps, key.slice(UPLOADS.length));
  return of !== undefined && (isAtWork(of.state) || isAwaited(of, deps.clock()));
}

function isAwaited({ state, createdAt }: LargeImport, now: Date): boolean {
  return state === "awaiting_file" && now.getTime() - Date.parse(createdAt) < LIMITS.fileAwaitsStartSeconds * 1000;
}
