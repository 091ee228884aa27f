import { deleteLeftovers } from "../../shared/imports/leftovers.ts";
import { clock, db, s3Client, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { log } from "../runtime/log.ts";
import { sweepUploadsEnv } from "./env.ts";

const env = readEnv(sweepUploadsEnv);
const deps = { db, tables: tablesIn(env), clock, s3: s3Client(), uploadBucket: env.UPLOAD_BUCKET };

/** The function is stopped after a minute. */
const BUSY_MS = 40_000;

/** Each quarter of an hour: deletes files that were put to an upload address when their import was over. */
export const handler = async (): Promise<void> => {
  const until = Date.now() + BUSY_MS;
  log("uploads_swept", await deleteLeftovers(deps, () => Date.now() < until));
};
