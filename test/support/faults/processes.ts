import { vi } from "vitest";
import type * as market from "../orders/market.ts";

/** A process as the product sees it: its caches are its own, and empty when it starts. */
export type Process = typeof market;

/** Starts processes by loading all of our code anew for each. */
export async function startProcesses(count: number): Promise<Process[]> {
  const processes: Process[] = [];
  for (let started = 0; started < count; started++) {
    vi.resetModules();
    processes.push(await import("../orders/market.ts"));
  }
  return processes;
}

/** A process that was not there: it remembers of no product that it was sold out a moment ago. */
export async function startNewcomer(): Promise<Process> {
  const [newcomer] = await startProcesses(1);
  if (newcomer === undefined) throw new Error("no process started");
  return newcomer;
}
