import type { Reporter, TestModule } from "vitest/node";

/** A file that costs more should have a reason. */
const DEAR_SECONDS = 15;
const FILES_SHOWN = 12;

type Cost = { file: string; project: string; seconds: number };

/** Says at the end of a run how much processor time each project took, and which files took most. */
export default class CostsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const costs = modules.map((module) => ({
      file: module.relativeModuleId,
      project: module.project.name,
      seconds: module.meta().cpuSeconds ?? 0,
    }));
    process.stdout.write(`\n${report(costs)}\n`);
  }
}

function report(costs: readonly Cost[]): string {
  const projects = [...Map.groupBy(costs, ({ project }) => project)].map(
    ([project, files]) => `${project} ${sum(files).toFixed(0)}`,
  );
  const dearest = costs.toSorted((one, other) => other.seconds - one.seconds).slice(0, FILES_SHOWN);
  return [
    `Processor time of the tests, without the shared engine, in seconds: ${sum(costs).toFixed(0)} (${projects.join(" · ")})`,
    ...dearest.map(
      ({ file, seconds }) => `${seconds.toFixed(1).padStart(8)}  ${file}${seconds > DEAR_SECONDS ? "  ← dear" : ""}`,
    ),
  ].join("\n");
}

const sum = (costs: readonly Cost[]): number => costs.reduce((total, { seconds }) => total + seconds, 0);
