import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { inject } from "vitest";
import { credentials, region } from "../../../infra/local/deploy.ts";
import { freePort } from "../../../infra/local/engine.ts";
import type { TableName } from "../../../shared/aws/dynamo.ts";

// Another DynamoDB, by other people, stricter than the engine that everything else runs on: it refuses expressions that
// AWS refuses, such as arithmetic in conditions, reserved words and names that are declared and not used.

export type SecondEngine = { endpoint: string; tables: Record<TableName, string>; stop: () => Promise<void> };

/** It takes milliseconds, but the machine may be busy. */
const STARTS_WITHIN_MS = 60_000;

/** Starts it in memory on a free port, with the tables of the data stack. It ends when this process does, however it ends. */
export async function startSecondEngine(): Promise<SecondEngine> {
  const binary = createRequire(import.meta.url).resolve("@dynoxide/linux-x64/dynoxide");
  const port = await freePort();
  // The shell waits for its stdin to close, which the kernel does for us if nobody else can any more.
  const guard = `"$0" serve --port ${port} </dev/null & cat >/dev/null; kill $!; wait`;
  const engine = spawn("sh", ["-c", guard, binary], { stdio: ["pipe", "ignore", "pipe"], detached: true });
  const ended = once(engine, "exit");
  const stop = async (): Promise<void> => {
    engine.stdin.end();
    await ended;
  };
  const lines = createInterface(engine.stderr);
  await once(lines, "line", { signal: AbortSignal.timeout(STARTS_WITHIN_MS) }); // "listening on …"
  const endpoint = `http://127.0.0.1:${port}`;
  return { endpoint, tables: await createTables(endpoint), stop };
}

async function createTables(endpoint: string): Promise<Record<TableName, string>> {
  const client = new DynamoDBClient({ endpoint, region, credentials });
  // Several files share a process, and what it remembers of a table must not be taken for what another engine has.
  const ofThisEngine = randomBytes(4).toString("hex");
  const tables = inject("tableDefinitions").map(({ TableName = "", ...table }) => ({
    ...table,
    TableName: `${ofThisEngine}-${TableName}`,
  }));
  for (const table of tables) await client.send(new CreateTableCommand({ ...table, BillingMode: "PAY_PER_REQUEST" }));
  const nameOf = (name: TableName): string => {
    const found = tables.find(({ TableName }) => TableName.endsWith(`-${name}`))?.TableName;
    if (found === undefined) throw new Error(`the template has no table ${name}`);
    return found;
  };
  return {
    orders: nameOf("orders"),
    inventory: nameOf("inventory"),
    identity: nameOf("identity"),
    catalog: nameOf("catalog"),
    operations: nameOf("operations"),
    platform: nameOf("platform"),
    ledger: nameOf("ledger"),
    audit: nameOf("audit"),
  };
}
