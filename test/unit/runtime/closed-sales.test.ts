import { afterEach, expect, it, vi } from "vitest";
import { closesWithSales } from "../../../functions/runtime/closed-sales.ts";
import type { Operation } from "../../../functions/runtime/operation.ts";
import { scheduleFunction } from "../../../functions/runtime/schedule.ts";
import { functionSpecs } from "../../../infra/functions.ts";

afterEach(() => vi.unstubAllEnvs());

it("closes with sales what moves stock for an order, and nothing else", () => {
  const all: [string, Operation][] = functionSpecs.flatMap(({ operations = {} }) => Object.entries(operations));
  const closed = all.filter(([, operation]) => closesWithSales(operation)).map(([name]) => name);
  const cases = ["openCase", "askForHelp", "decideCase"];
  const orders = [...cases, "cancelOrder", "decideReview", "decideReviews", "payOrder", "placeOrder", "refundOrder"];
  // What a provider tells meanwhile it tells again, and its payment is due.
  expect(new Set(closed)).toEqual(new Set([...orders, "receiveNotification"]));
});

it("lets the jobs that move stock rest, and the others of their function go on", async () => {
  const done: string[] = [];
  const jobs = {
    sweep: { everyMinutes: 1, needs: { inventoryTable: ["UpdateItem"] } },
    count: { everyMinutes: 1, needs: { inventoryTable: ["Query"] } },
  } as const;
  const handler = scheduleFunction(jobs, {
    sweep: async () => void done.push("sweep"),
    count: async () => void done.push("count"),
  });
  for (const sales of ["open", "closed"]) {
    vi.stubEnv("SALES", sales);
    for (const job of ["sweep", "count"]) await handler({ job });
  }
  expect(done).toEqual(["sweep", "count", "count"]);
  await expect(handler({ job: "nothing" })).rejects.toThrow(/job/);
});
