import { readdirSync, readFileSync } from "node:fs";

/** How often to look: often enough for a crowd that stays for ten seconds. */
const EVERY_MS = 2_000;

/** What all that a test run starts may take of a machine: the tests themselves, the engine, and its workers. */
const MOST_MB = 8 * 1024;

/**
 * Watches how much memory this process and all its descendants take together, and says at the end how much that was at most. What
 * processes share counts once. Linux tells such things; elsewhere nothing is said. A run that took more than it may fails.
 */
export function watchMemory(): () => void {
  const beganAt = Date.now();
  let peak = { megabytes: 0, processes: 0 };
  const look = (): void => {
    const now = memoryOf(process.pid);
    if (now.megabytes > peak.megabytes) peak = now;
  };
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (peak.megabytes === 0) return;
    const minutes = ((Date.now() - beganAt) / 60_000).toFixed(1);
    process.stdout.write(`memory: ${peak.megabytes} MB at most, in ${peak.processes} processes; ${minutes} minutes\n`);
    if (peak.megabytes <= MOST_MB) return;
    process.stderr.write(`That is more than the ${MOST_MB} MB that a run may take.\n`);
    process.exitCode = 1;
  };
}

function memoryOf(root: number): { megabytes: number; processes: number } {
  const family = descendantsOf(root);
  const kilobytes = family.reduce((sum, pid) => sum + sharedFairly(pid), 0);
  return { megabytes: Math.round(kilobytes / 1024), processes: family.length };
}

function descendantsOf(root: number): number[] {
  const children = Map.groupBy(processes(), ({ parent }) => parent);
  const family = [root];
  for (const pid of family) family.push(...(children.get(pid) ?? []).map((child) => child.pid));
  return family;
}

function processes(): { pid: number; parent: number }[] {
  const pids = tried(() => readdirSync("/proc").map(Number).filter(Number.isInteger)) ?? [];
  return pids.flatMap((pid) => {
    // `pid (name) state parent …`, and the name may hold anything.
    const stat = tried(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
    const parent = Number(stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    return Number.isNaN(parent) ? [] : [{ pid, parent }];
  });
}

/** Its own pages, and its share of those it has in common with others, in KB. */
function sharedFairly(pid: number): number {
  const rollup = tried(() => readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
  return Number(/^Pss:\s+(\d+)/m.exec(rollup ?? "")?.[1] ?? 0);
}

/** A process may be gone by the time that we look at it. */
function tried<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
