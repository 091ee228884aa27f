import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { hasSecondEngine } from "./test/support/engine/has-second-engine.ts";
import { isFullProof } from "./test/support/size.ts";

/** Two cores are the machine to please. Whoever waits for the engine, its workflows and its queues leaves room for a third. */
const workers = { alone: 2, deployed: 3, load: 1 };

/**
 * A test that takes so long hangs. No verdict depends on how fast the machine is: whoever waits for something says how long it may
 * stand still. The full proof has tests that take an hour.
 */
const HANGS_AFTER_MS = isFullProof ? 7_200_000 : 900_000;
const timeouts = { testTimeout: HANGS_AFTER_MS, hookTimeout: HANGS_AFTER_MS, expect: { poll: { timeout: 60_000 } } };

/** Gives the tables' definitions to projects that start an engine of their own. */
const tables = "test/support/engine/table-definitions.ts";

/** Gives files of scenes a place for what must be compared when all of them are over. */
const scenes = "test/support/scenes/folder.ts";

/** Notes what each file costs; puts right what a file has changed and the next one in its process would meet. */
const cost = "test/support/costs/cost-of-file.ts";
const leaveNothing = "test/support/leave-nothing.ts";

/** Gives the states of the workflow to those who must know all of them. */
const workflow = "test/support/fulfilment/workflow-states.ts";

type Alone = {
  globalSetup?: string[];
  /** False: code that remembers nothing is loaded once, and not by each file anew. A file in it must not mock modules. */
  isolate?: boolean;
};

/** Tests that need nothing deployed, or start themselves what they need: they come first, while the app is deployed. */
const alone = (name: string, { globalSetup = [], isolate = true }: Alone = {}): TestProjectInlineConfiguration => ({
  test: {
    name,
    globalSetup,
    setupFiles: [cost, leaveNothing],
    isolate,
    include: [`test/${name}/**/*.test.ts`],
    maxWorkers: workers.alone,
    ...timeouts,
    sequence: { groupOrder: 0 },
  },
});

/** Tests against the deployed app. They share one engine, so each makes the products and channels that it uses. */
const deployed = (
  name: string,
  groupOrder: number,
  maxWorkers: number = workers.deployed,
): TestProjectInlineConfiguration => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    globalSetup: ["test/support/engine/global-setup.ts"],
    setupFiles: [cost, "test/support/engine/await-stack.ts"],
    maxWorkers,
    ...timeouts,
    sequence: { groupOrder },
  },
});

/** Compares what all files of scenes have left, when the last of them is over. */
const afterScenes: TestProjectInlineConfiguration = {
  test: {
    name: "completeness",
    include: ["test/completeness/**/*.test.ts"],
    globalSetup: [scenes],
    setupFiles: [cost],
    maxWorkers: workers.deployed,
    ...timeouts,
    sequence: { groupOrder: 1 },
  },
};

if (!hasSecondEngine) process.stdout.write("The second engine exists for Linux on x64 only: its tests are left out.\n");

export default defineConfig({
  test: {
    reporters: ["default", "./test/support/costs/costs-reporter.ts"],
    projects: [
      alone("unit", { isolate: false }),
      alone("infra", { isolate: false }),
      ...(isFullProof ? [alone("account")] : []), // a first deployment into an account of its own takes minutes
      ...(hasSecondEngine
        ? [alone("second-engine", { isolate: false, globalSetup: [tables, workflow, scenes] }), afterScenes]
        : []),
      hasSecondEngine ? alone("chaos", { isolate: false, globalSetup: [tables] }) : deployed("chaos", 1),
      deployed("integration", 1),
      deployed("workflow", 1),
      deployed("e2e", 1),
      deployed("load", 2, workers.load), // by itself: it takes all that the engine has
      deployed("restore", 3), // by itself: it concerns all stock there is
      deployed("secrecy", 4), // it looks for codes in all that the others have left behind
      deployed("clock", 5), // last: it moves the time under all that the others have left behind
    ],
  },
});
