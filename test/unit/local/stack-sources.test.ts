import { expect, test } from "vitest";
import { stackSources } from "../../../infra/local/stack-sources.ts";

test("the app, what it imports and what describes functions are sources of the stacks; handlers and tools are not", async () => {
  const sources = await stackSources();
  expect(sources).toContain("infra/stacks/data.ts");
  expect(sources).toContain("functions/runtime/env.ts");
  expect(sources).toContain("functions/storefront/orders/operations.ts");
  expect(sources).toContain("functions/workers/orders/workers.ts");
  expect(sources).not.toContain("functions/storefront/orders/place-order.ts");
  expect(sources).not.toContain("shared/inventory/tickets.ts");
  expect(sources).not.toContain("infra/local/start.ts");
});
