import { readFileSync } from "node:fs";
import { afterAll, beforeEach, type RunnerTestFile } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    /** The processor time that a file of tests took, in seconds: of its process and of the processes that it started and that have ended. */
    cpuSeconds?: number;
  }
}

const CLOCK_TICKS_PER_SECOND = 100;
const MICROSECONDS = 1_000_000;

/** What this process and its ended children have taken since it began. Only Linux tells of children. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / MICROSECONDS + childrenSeconds();
}

function childrenSeconds(): number {
  try {
    // `pid (name) state …`, and the name may hold anything; 16th and 17th are the times of ended children.
    const stat = readFileSync("/proc/self/stat", "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[13]) + Number(fields[14])) / CLOCK_TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

/** A process that serves several files remembers what those before took; a new one has taken its own start. */
const shared = globalThis as { vouchsafeCpuSeconds?: number };

let file: RunnerTestFile | undefined;
beforeEach(({ task }) => {
  file = task.file;
});

// The hooks that a file registers itself run before this one, so what they end is counted.
afterAll(() => {
  const now = cpuSeconds();
  if (file !== undefined) file.meta.cpuSeconds = now - (shared.vouchsafeCpuSeconds ?? 0);
  shared.vouchsafeCpuSeconds = now;
});
