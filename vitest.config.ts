import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { hasSecondEngine } from "./test/support/has-second-engine.ts";

/** Two cores are the machine to please, and the engine wants one of them. */
const maxWorkers = 2;

/** Tests of the pure code and of the templates, which need nothing that runs, or start it themselves. */
const alone = (name: string): TestProjectInlineConfiguration => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    maxWorkers,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    sequence: { groupOrder: 0 },
  },
});

/** Tests against the deployed app. They share one engine, so each makes the products and channels that it uses. */
const deployed = (name: string, groupOrder: number): TestProjectInlineConfiguration => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    globalSetup: "test/support/global-setup.ts",
    maxWorkers,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { groupOrder },
  },
});

if (!hasSecondEngine) process.stdout.write("The second engine exists for Linux on x64 only: its tests are left out.\n");

export default defineConfig({
  test: {
    projects: [
      alone("unit"),
      alone("infra"),
      ...(hasSecondEngine ? [alone("second-engine")] : []),
      deployed("integration", 0),
      deployed("workflow", 0),
      deployed("e2e", 0),
      deployed("chaos", 0),
      deployed("secrecy", 1), // last: it looks for codes in all that the others have left behind
    ],
  },
});
