import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the files of scenes leave their records. */
    readonly sceneRecords: string;
  }
}

/** One folder for all projects of a run, each of which runs this in a module graph of its own. */
const shared = globalThis as { vouchsafeSceneRecords?: string | undefined };

export default function setup(project: TestProject): () => void {
  shared.vouchsafeSceneRecords ??= mkdtempSync(join(tmpdir(), "vouchsafe-scenes-"));
  const folder = shared.vouchsafeSceneRecords;
  project.provide("sceneRecords", folder);
  return () => {
    shared.vouchsafeSceneRecords = undefined;
    rmSync(folder, { recursive: true, force: true });
  };
}
