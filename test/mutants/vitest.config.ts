import { defineConfig } from "vitest/config";

/** The tests that take rules are proved by: they need tables, which the second engine has in no time, and nothing deployed. */
export default defineConfig({
  test: {
    include: ["test/unit/**/*.test.ts", "test/second-engine/**/*.test.ts", "test/chaos/**/*.test.ts"],
    globalSetup: ["engine/table-definitions", "fulfilment/workflow-states", "scenes/folder"].map(
      (file) => `test/support/${file}.ts`,
    ),
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
