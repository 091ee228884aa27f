import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, expect, test } from "vitest";
import { everythingOn } from "../../support/engine/on-second-engine.ts";
import { startSecondEngine } from "../../support/engine/second-engine.ts";

const engine = await startSecondEngine();
afterAll(() => engine.stop());

test.for([
  ["a reserved word", { UpdateExpression: "SET state = :one" }],
  ["arithmetic in a condition", { UpdateExpression: "SET x = :one", ConditionExpression: "y + :one > :one" }],
  ["a name that nothing uses", { UpdateExpression: "SET x = :one", ExpressionAttributeNames: { "#y": "y" } }],
] as const)("this engine refuses %s", async ([, expressions]) => {
  const { db, tables } = everythingOn(engine).deps;
  const input = { TableName: tables.operations, Key: { pk: "a", sk: "b" }, ExpressionAttributeValues: { ":one": 1 } };
  await expect(db.send(new UpdateCommand({ ...input, ...expressions }))).rejects.toThrow(
    expect.objectContaining({ name: "ValidationException" }),
  );
});
