import { readFileSync } from "node:fs";
import * as z from "zod";
import { type Clock, machineMs, movedBy, systemClock } from "../../shared/kernel/clock.ts";

/**
 * The environment variable that names the file by which a local stack's clock is moved. The local engine sets it, and no stack does.
 * A file, because it is read again by processes that are warm, costs no call of AWS, and a function in an AWS account can't have it.
 */
export const CLOCK_FILE = "VOUCHSAFE_CLOCK_FILE";

/** How long a process goes on by what it has read. So long after the file was written, all processes have the new time. */
export const CLOCK_READ_EVERY_MS = 1_000;

/**
 * Chooses the clock of a process: the machine's, unless the environment names a file that moves it.
 * @throws if it does so elsewhere than on a local stack. A shop whose clock can be moved sells what has expired.
 */
export function clockFor(environmentName: string | undefined, file: string | undefined): Clock {
  if (file === undefined) return systemClock;
  if (environmentName !== "local")
    throw new Error(`${CLOCK_FILE} is set, and ${environmentName ?? "this"} is no local stack`);
  return movedBy(offsetIn(file));
}

/** Reads by how much the clock is moved, at most once in `CLOCK_READ_EVERY_MS`. */
function offsetIn(file: string): () => number {
  let offset = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  return () => {
    const age = machineMs() - readAt;
    if (age >= 0 && age < CLOCK_READ_EVERY_MS) return offset;
    offset = readOffset(file);
    readAt = machineMs();
    return offset;
  };
}

/** Gives the milliseconds by which the file moves the clock. No file: 0. */
export function readOffset(file: string): number {
  try {
    return z.coerce.number().int().parse(readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
}

/** The clock of this process. */
export const clock = clockFor(process.env["ENVIRONMENT"], process.env[CLOCK_FILE]);
