import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { chromiumPath } from "./test/support/browser/chromium.ts";
import { hasSecondEngine } from "./test/support/engine/has-second-engine.ts";
import { isFullProof } from "./test/support/size.ts";

/** Two cores are the machine to please. Whoever waits for an engine, for workflows and for queues leaves room for a third. */
const workers = { alone: 3, deployed: 3, load: 1 };

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

/** Notes what each file costs. */
const cost = "test/support/costs/cost-of-file.ts";

/** Loads our own code anew for each file, and puts right what a file has changed for the next one in its process. */
const freshCode = "test/support/between/fresh-code.ts";
const leaveNothing = "test/support/between/leave-nothing.ts";

/** Gives the states of the workflow to those who must know all of them. */
const workflow = "test/support/fulfilment/workflow-states.ts";

/** Gives a document as its text, as the bundles have it. */
const documents = {
  name: "documents",
  transform: (text: string, path: string) =>
    path.endsWith(".md") ? { code: `export default ${JSON.stringify(text)}`, map: null } : undefined,
};

type Alone = {
  globalSetup?: string[];
  /** True: our own code is loaded once for all files, because what they test remembers nothing. */
  keepsCode?: boolean;
};

/**
 * Tests that need nothing deployed, or start themselves what they need: they come first, while the app is deployed. Their files share
 * processes and the libraries in them, which take longer to load than most files run. None of them may mock modules.
 */
const alone = (name: string, { globalSetup = [], keepsCode = false }: Alone = {}): TestProjectInlineConfiguration => ({
  plugins: [documents],
  test: {
    name,
    globalSetup,
    setupFiles: [cost, ...(keepsCode ? [] : [freshCode]), leaveNothing],
    isolate: false,
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
  plugins: [documents],
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

if (chromiumPath === undefined)
  process.stdout.write(
    "There is no Chromium on this machine (CHROMIUM may name one): the tests in a browser are left out.\n",
  );

export default defineConfig({
  test: {
    reporters: ["default", "./test/support/costs/costs-reporter.ts"],
    projects: [
      alone("unit", { keepsCode: true }),
      alone("infra", { keepsCode: true }),
      ...(chromiumPath === undefined ? [] : [alone("browser")]),
      ...(isFullProof ? [alone("account")] : []), // a first deployment into an account of its own takes minutes
      ...(hasSecondEngine ? [alone("second-engine", { globalSetup: [tables, workflow, scenes] }), afterScenes] : []),
      hasSecondEngine ? alone("chaos", { globalSetup: [tables] }) : deployed("chaos", 1),
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
