import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { Template } from "aws-cdk-lib/assertions";
import type { TestProject } from "vitest/node";
import { configOf } from "../../../infra/config.ts";
import { DataStack } from "../../../infra/stacks/data.ts";
import { templatesOnly } from "../../../infra/templates-only.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The tables as the template of the data stack defines them, for an engine that is to have the same. */
    readonly tableDefinitions: readonly TableDefinition[];
  }
}

type TableDefinition = Pick<
  CreateTableCommandInput,
  "TableName" | "KeySchema" | "AttributeDefinitions" | "GlobalSecondaryIndexes"
>;

/** The tables as the template defines them; streams and backups are nothing that an expression could meet. */
function definedTables(): TableDefinition[] {
  const outdir = mkdtempSync(join(tmpdir(), "vouchsafe-tables-"));
  try {
    const app = templatesOnly(outdir);
    const stack = new DataStack(app, "tables", { config: configOf("local") });
    const found = Object.values(Template.fromStack(stack).findResources("AWS::DynamoDB::GlobalTable"));
    return found.map((resource): TableDefinition => {
      const { TableName, KeySchema, AttributeDefinitions, GlobalSecondaryIndexes } = resource[
        "Properties"
      ] as TableDefinition;
      return { TableName, KeySchema, AttributeDefinitions, GlobalSecondaryIndexes };
    });
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Synthesized once for all projects, each of which runs this in a module graph of its own. */
const shared = globalThis as { vouchsafeTables?: readonly TableDefinition[] };

export default function setup(project: TestProject): void {
  shared.vouchsafeTables ??= definedTables();
  project.provide("tableDefinitions", shared.vouchsafeTables);
}
