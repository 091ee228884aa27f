import { inject } from "vitest";
import { hasSecondEngine } from "./has-second-engine.ts";
import { type SecondEngine, startSecondEngine } from "./second-engine.ts";

/** A DynamoDB for proofs that need nothing else: the second engine, which is quick; where it doesn't run, the main one. */
export async function proofEngine(): Promise<SecondEngine> {
  if (hasSecondEngine) return startSecondEngine();
  const { awsEndpoint: endpoint, tables } = inject("stack");
  return { endpoint, tables, stop: async () => undefined };
}
