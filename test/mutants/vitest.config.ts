import { defineConfig } from "vitest/config";

/** The tests that take rules are proved by: they need tables, which the second engine has in no time, and nothing deployed. */
export default defineConfig({
  test: {
    include: [
      "test/unit/**/*.test.ts",
      "test/second-engine/*.test.ts",
      "test/chaos/model-rules.test.ts",
      "test/chaos/order-first.test.ts",
      "test/chaos/unequal-twins.test.ts",
      "test/chaos/two-people.test.ts",
      "test/chaos/bought-ahead.test.ts",
      "test/chaos/taken-back.test.ts",
      "test/chaos/real-charges.test.ts",
      "test/chaos/old-balances.test.ts",
    ],
    globalSetup: ["test/support/table-definitions.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
