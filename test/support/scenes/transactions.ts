import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient, TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";

type Next = (args: { input: unknown }) => Promise<{ output: object }>;

/** Shows each transaction that the client sends from now on, before it is sent. */
function beforeEach(db: DynamoDBDocumentClient, look: (input: TransactWriteCommandInput) => void): void {
  const middleware =
    (next: Next, { commandName }: { commandName?: string }) =>
    async (args: { input: unknown }) => {
      if (commandName?.startsWith("TransactWrite") === true) look(args.input as TransactWriteCommandInput);
      return next(args);
    };
  db.middlewareStack.add(middleware as never, { step: "initialize", priority: "high" });
}

/** The transactions that a client sends from now on, each as the keys that it writes to. */
export function transactionsOf(db: DynamoDBDocumentClient): string[][] {
  const sent: string[][] = [];
  beforeEach(db, (input) => {
    sent.push(keysOf(input));
  });
  return sent;
}

/** Throttles one write of every other transaction, as DynamoDB does: inside a cancelled transaction. Returns how often it did. */
export function throttleInside(db: DynamoDBDocumentClient): { times: number } {
  const throttled = { times: 0 };
  let calls = 0;
  beforeEach(db, ({ TransactItems = [] }) => {
    calls += 1;
    if (calls % 2 === 0) return;
    throttled.times += 1;
    const CancellationReasons = TransactItems.map((_, index) => ({ Code: index === 0 ? "ThrottlingError" : "None" }));
    throw new TransactionCanceledException({ message: "throttled", $metadata: {}, CancellationReasons });
  });
  return throttled;
}

function keysOf({ TransactItems = [] }: TransactWriteCommandInput): string[] {
  return TransactItems.map(({ Put, Update, Delete, ConditionCheck }) => {
    const written = Put ?? Update ?? Delete ?? ConditionCheck;
    const { pk, sk } = Put?.Item ?? (Update ?? Delete ?? ConditionCheck)?.Key ?? {};
    return JSON.stringify([written?.TableName, pk, sk]);
  });
}
