import { newId } from "../../../shared/kernel/ids.ts";
import { deployedStack } from "./deployed-stack.ts";
import { hasSecondEngine } from "./has-second-engine.ts";
import { ownTables } from "./own-tables.ts";
import { type SecondEngine, startSecondEngine } from "./second-engine.ts";

/** A DynamoDB for proofs that need nothing else: the second engine, which is quick; where it doesn't run, tables of the main one. */
export async function proofEngine(): Promise<SecondEngine> {
  if (hasSecondEngine) return startSecondEngine();
  const { stack, remove } = await ownTables(deployedStack(), newId("evt").replaceAll("_", "-"));
  return { endpoint: stack.awsEndpoint, tables: stack.tables, stop: remove };
}
