import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { credentials } from "../../infra/local/deploy.ts";
import type { LocalStack } from "../../infra/local/stack-file.ts";

/**
 * Tables like the deployed ones, indexes included, that no stream and no schedule knows of: where a test wants to count,
 * or to do at its own time, what the deployed functions would do first.
 */
export async function quietTables(stack: LocalStack, name: string): Promise<LocalStack["tables"]> {
  const db = new DynamoDBClient({ endpoint: stack.awsEndpoint, region: stack.region, credentials });
  const copies: { -readonly [key in keyof LocalStack["tables"]]: string } = { ...stack.tables };
  for (const key of Object.keys(stack.tables) as (keyof LocalStack["tables"])[]) {
    const { Table: table } = await db.send(new DescribeTableCommand({ TableName: stack.tables[key] }));
    copies[key] = `${name}-${key}`;
    const indexes = table?.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
      IndexName,
      KeySchema,
      Projection,
    }));
    const copy: CreateTableCommandInput = {
      TableName: copies[key],
      AttributeDefinitions: table?.AttributeDefinitions,
      KeySchema: table?.KeySchema,
      BillingMode: "PAY_PER_REQUEST",
      ...(indexes === undefined ? {} : { GlobalSecondaryIndexes: indexes }),
    };
    await db.send(new CreateTableCommand(copy));
  }
  return copies;
}
