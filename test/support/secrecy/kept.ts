/**
 * Reads all that a stack keeps: every item, message, workflow history, log line and file. Parameters apart: those hold secrets;
 * and the uploads: those are files of codes until they are imported, and gone then.
 */
import { DynamoDBClient, ListTablesCommand, paginateScan, ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, ListBucketsCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import {
  paginateGetExecutionHistory,
  paginateListExecutions,
  paginateListStateMachines,
  SFNClient,
} from "@aws-sdk/client-sfn";
import { AwsClient } from "aws4fetch";
import { credentials } from "../../../infra/local/deploy.ts";
import type { LocalStack } from "../../../infra/local/stack-file.ts";
import { type Kept, textsOf } from "./needles.ts";

export async function* everythingKept(stack: LocalStack): AsyncGenerator<Kept> {
  yield* everyTable(stack);
  yield* queues(stack);
  yield* executions(stack);
  yield* logs(stack);
  yield* files(stack);
}

type Where = Pick<LocalStack, "awsEndpoint" | "region">;

const settingsOf = ({ awsEndpoint, region }: Where) => ({ endpoint: awsEndpoint, region, credentials });

async function* everyTable(stack: LocalStack): AsyncGenerator<Kept> {
  const { TableNames = [] } = await new DynamoDBClient(settingsOf(stack)).send(new ListTablesCommand({}));
  for (const name of TableNames)
    try {
      yield* keptInTables(stack, [name]);
    } catch (error) {
      // Tables that other tests made for themselves may be gone by now.
      if (!(error instanceof ResourceNotFoundException)) throw error;
    }
}

export async function* keptInTables(where: Where, tables: readonly string[]): AsyncGenerator<Kept> {
  const client = new DynamoDBClient(settingsOf(where));
  for (const TableName of tables)
    for await (const page of paginateScan({ client }, { TableName, ConsistentRead: true }))
      for (const item of page.Items ?? [])
        yield { place: `table ${TableName}, ${item["pk"]?.S} ${item["sk"]?.S}`, text: textsOf(item) };
}

/**
 * Through the engine's own window, for it shows what a receive would not: messages that are delayed, or with a consumer.
 * And it does not count as a receive, after five of which a message is dead.
 */
async function* queues({ awsEndpoint }: LocalStack): AsyncGenerator<Kept> {
  const answer = await fetch(`${awsEndpoint}/_ministack/sqs/messages`);
  const { messages } = (await answer.json()) as {
    messages: Record<string, Record<string, Record<string, { MessageId: string }[]>>>;
  };
  for (const regions of Object.values(messages))
    for (const queuesOfRegion of Object.values(regions))
      for (const [url, inQueue] of Object.entries(queuesOfRegion)) {
        const name = url.slice(url.lastIndexOf("/") + 1);
        for (const message of inQueue)
          yield { place: `queue ${name}, message ${message.MessageId}`, text: textsOf(message) };
      }
}

async function* executions(stack: LocalStack): AsyncGenerator<Kept> {
  const client = new SFNClient(settingsOf(stack));
  for await (const machines of paginateListStateMachines({ client }, {}))
    for (const { stateMachineArn } of machines.stateMachines ?? [])
      for await (const page of paginateListExecutions({ client }, { stateMachineArn }))
        for (const { executionArn, name } of page.executions ?? [])
          for await (const history of paginateGetExecutionHistory({ client }, { executionArn, maxResults: 1000 }))
            yield { place: `execution ${name}`, text: textsOf(history.events) };
}

async function* files(stack: LocalStack): AsyncGenerator<Kept> {
  const client = new S3Client({ ...settingsOf(stack), forcePathStyle: true });
  const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
  for (const { Name: Bucket = "" } of Buckets.filter(({ Name }) => Name?.includes("-uploads-") !== true))
    for await (const page of paginateListObjectsV2({ client }, { Bucket }))
      for (const { Key = "" } of page.Contents ?? []) {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
        yield { place: `file ${Bucket}/${Key}`, text: `${Key} ${textsOf(await Body?.transformToByteArray())}` };
      }
}

type LogEvent = { eventId: string; timestamp: number; message: string };

async function* logs(stack: LocalStack): AsyncGenerator<Kept> {
  for await (const { logGroups = [] } of logPages(stack, "DescribeLogGroups", {}))
    for (const { logGroupName } of logGroups as { logGroupName: string }[])
      for await (const { message } of logEvents(stack, logGroupName))
        yield { place: `log ${logGroupName}: ${message.slice(0, 200)}`, text: message };
}

/** The local engine gives one page of a group, and no token: then the next page begins where this one ended. */
async function* logEvents(stack: LocalStack, logGroupName: string): AsyncGenerator<LogEvent> {
  for (let startTime = 0; ; ) {
    let last: LogEvent | undefined;
    let count = 0;
    for await (const { events = [] } of logPages(stack, "FilterLogEvents", {
      logGroupName,
      startTime,
      limit: LOG_PAGE,
    })) {
      for (const event of events as LogEvent[]) yield event;
      count += events.length;
      last = (events as LogEvent[]).at(-1) ?? last;
    }
    if (count < LOG_PAGE || last === undefined) return;
    if (last.timestamp === startTime) throw new Error(`more than a page of ${logGroupName} within one millisecond`);
    startTime = last.timestamp;
  }
}

const LOG_PAGE = 10_000;

type LogPage = { nextToken?: string; logGroups?: unknown[]; events?: unknown[] };

/** CloudWatch Logs has no client among our dependencies; its protocol is one signed POST. */
async function* logPages(stack: LocalStack, action: string, input: object): AsyncGenerator<LogPage> {
  let nextToken: string | undefined;
  do {
    const page = (await callLogs(stack, action, { ...input, nextToken })) as LogPage;
    yield page;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
}

export async function callLogs({ awsEndpoint, region }: LocalStack, action: string, input: object): Promise<unknown> {
  // As every client of AWS does: the engine answers 500 while a function's first line makes the group that it would list.
  const aws = new AwsClient({ ...credentials, region, service: "logs", retries: 3 });
  const headers = { "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": `Logs_20140328.${action}` };
  const answer = await aws.fetch(awsEndpoint, { method: "POST", headers, body: JSON.stringify(input) });
  if (!answer.ok) throw new Error(`${action}: ${answer.status} ${await answer.text()}`);
  const text = await answer.text();
  return text === "" ? {} : (JSON.parse(text) as unknown);
}
