import { CreateTableCommand, DeleteTableCommand, DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { credentials } from "../../../infra/local/deploy.ts";
import type { LocalStack } from "../../../infra/local/stack-file.ts";

/** The stack, but with tables that nobody else works on. */
export type OwnTables = { stack: LocalStack; remove: () => Promise<void> };

/**
 * Copies the shape of the deployed tables, keys and indexes, but not their streams: the scheduled sweeper and the functions
 * behind the streams don't know of these, so that all that happens in them is the test's own doing.
 */
export async function ownTables(stack: LocalStack, suffix: string): Promise<OwnTables> {
  const db = new DynamoDBClient({ endpoint: stack.awsEndpoint, region: stack.region, credentials });
  const names = Object.entries(stack.tables).map(([key, from]) => ({ key, from, to: `${from}-${suffix}` }));
  for (const { from, to } of names) {
    const { Table } = await db.send(new DescribeTableCommand({ TableName: from }));
    const indexes = (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName, KeySchema, Projection }) => ({
      IndexName,
      KeySchema,
      Projection,
    }));
    await db.send(
      new CreateTableCommand({
        TableName: to,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: Table?.AttributeDefinitions,
        KeySchema: Table?.KeySchema,
        ...(indexes.length > 0 ? { GlobalSecondaryIndexes: indexes } : {}),
      }),
    );
  }
  const tables = Object.fromEntries(names.map(({ key, to }) => [key, to])) as LocalStack["tables"];
  return {
    stack: { ...stack, tables },
    remove: async () => {
      for (const { to } of names) await db.send(new DeleteTableCommand({ TableName: to }));
    },
  };
}
