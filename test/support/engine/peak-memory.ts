import { readdirSync, readFileSync } from "node:fs";

/** How often to look: often enough for a crowd that stays for twenty seconds. Each look reads two files for each process of the machine. */
const EVERY_MS = 5_000;

/** What all that a test run starts may take of a machine: the tests themselves, the engine, and its workers. */
const MOST_MB = 6 * 1024;

/** What the processes of a run are, by a part of their command lines. The first that fits counts. */
const KINDS: readonly (readonly [name: string, commandLine: RegExp])[] = [
  ["Lambda workers", /ministack-lambda/],
  ["engines", /local\/engine\.py/],
  ["second engines", /^[^\0]*dynoxide/],
  ["processes of tests", /vitest\/dist\/workers/],
  ["Vitest itself", /vitest/],
  ["browsers", /chrom(ium|e)/],
  ["bundling", /esbuild|bundle-all/],
  ["CDK", /\bcdk\b|infra\/app\.ts/],
  ["command lines", /command-server|infra\/ops/],
];

type Held = {
  megabytes: number;
  processes: number;
  byKind: readonly { kind: string; megabytes: number; processes: number }[];
};

/**
 * Watches how much memory this process and all its descendants take together, and says at the end how much that was at most, and who
 * held it. What they share, such as programs, does not count. Linux tells such things; elsewhere nothing is said. A run that took more
 * than it may fails.
 */
export function watchMemory(): () => void {
  const beganAt = Date.now();
  let peak: Held = { megabytes: 0, processes: 0, byKind: [] };
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
    const holders = peak.byKind.map((of) => `${of.kind} ${of.megabytes} MB (${of.processes})`).join(" · ");
    process.stdout.write(`memory: ${peak.megabytes} MB at most, in ${peak.processes} processes; ${minutes} minutes\n`);
    process.stdout.write(`  held by: ${holders}\n`);
    if (peak.megabytes <= MOST_MB) return;
    process.stderr.write(`That is more than the ${MOST_MB} MB that a run may take.\n`);
    process.exitCode = 1;
  };
}

/** Gives what a process and all its descendants hold, together and by kind, the largest first. */
export function memoryOf(root: number): Held {
  const family = descendantsOf(root).map((pid) => ({ kind: kindOf(pid), pages: ownPages(pid) }));
  const summed = (some: typeof family) => ({
    megabytes: Math.round((some.reduce((sum, { pages }) => sum + pages, 0) * BYTES_PER_PAGE) / 1024 ** 2),
    processes: some.length,
  });
  const byKind = [...Map.groupBy(family, ({ kind }) => kind)].map(([kind, some]) => ({ kind, ...summed(some) }));
  return { ...summed(family), byKind: byKind.toSorted((one, other) => other.megabytes - one.megabytes) };
}

function kindOf(pid: number): string {
  const commandLine = tried(() => readFileSync(`/proc/${pid}/cmdline`, "utf8")) ?? "";
  return KINDS.find(([, part]) => part.test(commandLine))?.[0] ?? "others";
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

const BYTES_PER_PAGE = 4_096;

/** The kernel has these at hand; to know who shares a page with whom it would walk through all of them. */
function ownPages(pid: number): number {
  const [, resident = 0, shared = 0] = (tried(() => readFileSync(`/proc/${pid}/statm`, "utf8")) ?? "")
    .split(" ")
    .map(Number);
  return resident - shared;
}

/** A process may be gone by the time that we look at it. */
function tried<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
