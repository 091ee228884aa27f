import { randomBytes } from "node:crypto";
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  PutItemCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { credentials } from "../../infra/local/deploy.ts";
import { deployedStack } from "../support/engine/deployed-stack.ts";
import { CODE_MARK } from "../support/orders/shop.ts";
import { callLogs, everythingKept } from "../support/secrecy/kept.ts";
import { findLeft, takeLeft } from "../support/secrecy/left.ts";
import { type Finding, findIn, needlesFor } from "../support/secrecy/needles.ts";
import { type Sold, sellInEveryWay } from "./sales.ts";

/** All other tests of the deployed app have run before, over the same stack: their codes carry the mark and are looked for as well. */
describe("codes, accounts and keys, after everything was sold and everything went wrong", () => {
  const scratch = `secrecy-control-${randomBytes(4).toString("hex")}`;
  const planted = `${CODE_MARK}-planted-é\\+/?${randomBytes(9).toString("hex").toUpperCase()}`;
  // A link's token and a one-time code as well, as other tests may have left them.
  const plantedToken = randomBytes(11).toString("hex");
  const plantedCode = String(10_000_000 + randomBytes(3).readUIntBE(0, 3));
  const forms = needlesFor(planted);
  const places = new Map<string, number>();
  const idsAt = new Map<string, Set<string>>();
  const apiKeys: string[] = [];
  let sold: Sold;
  let found: Finding[] = [];
  let counted = { contacts: 0, tokens: 0, codes: 0 };

  beforeAll(async () => {
    sold = await sellInEveryWay();
    await plant(scratch, [...forms, { secret: planted, text: `/d/${plantedToken}, "${plantedCode}"` }]);
    const left = takeLeft();
    counted = { contacts: left.contact.size, tokens: left.token.size, codes: left.code.size };
    const words = { token: new Set([...left.token, plantedToken]), code: new Set([...left.code, plantedCode]) };
    const ids = Object.values(sold.ids).map((id) => ({ secret: id, form: "plain", text: id }));
    const needles = [CODE_MARK, ...new Set([...sold.secrets, ...left.contact]), planted].flatMap(needlesFor);
    for await (const kept of everythingKept(deployedStack())) {
      const kind = kept.place.slice(0, kept.place.indexOf(" "));
      places.set(kind, (places.get(kind) ?? 0) + 1);
      found = found.concat(findIn(kept, needles), findLeft(kept, words));
      for (const { secret } of findIn(kept, ids)) idsAt.set(secret, (idsAt.get(secret) ?? new Set()).add(kind));
      if (/vs_[\w-]{43}/.test(kept.text)) apiKeys.push(kept.place);
    }
  });

  afterAll(async () => {
    if (places.size > 0) await unplant(scratch);
  });

  it("reached their buyers", () => {
    expect(sold.revealed).toHaveLength(6);
    expect(sold.secrets).toEqual(expect.arrayContaining(sold.revealed));
  });

  it("lie in no table, queue, workflow history, log or file: plain, encoded, escaped or reversed", () => {
    expect(found.filter(({ place }) => !place.includes(scratch))).toEqual([]);
  });

  it("were looked for with the addresses, the links and the one-time codes of all buyers", () => {
    for (const [what, count] of Object.entries(counted)) expect([what, count > 0]).toEqual([what, true]);
    for (const secret of [plantedToken, plantedCode])
      for (const kind of ["table", "queue", "log", "file"])
        expect(found.some((one) => one.secret === secret && one.place.startsWith(`${kind} ${scratch}`))).toBe(true);
  });

  it("leave of an API key only its hash", () => {
    expect(apiKeys).toEqual([]);
  });

  it("would have been found: the same search finds each form of a code planted in a table, a queue, a log and a file", () => {
    const expected = forms.map(({ form }) => form).toSorted();
    const formsIn = (kind: string): string[] => {
      const there = found.filter(({ place, secret }) => place.startsWith(`${kind} ${scratch}`) && secret === planted);
      return [...new Set(there.map(({ form }) => form))].toSorted();
    };
    for (const kind of ["table", "queue", "log", "file"]) expect([kind, formsIn(kind)]).toEqual([kind, expected]);
    const inBinary = found.filter(({ place, form }) => place.includes("in binary") && form === "plain");
    expect(inBinary.map(({ secret }) => secret)).toContain(planted);
  });

  it("would have been found: the search saw the orders, their money, their workflows, their watches and their failures", () => {
    const { codeOrder, largeOrder, topupOrder, reviewOrder, failedRequest, refusedRequest } = sold.ids;
    expect(idsAt.get(codeOrder)).toContain("table");
    // Its watch may lie in a queue still.
    expect([...(idsAt.get(largeOrder) ?? [])]).toEqual(expect.arrayContaining(["table", "execution", "file"]));
    expect(idsAt.get(topupOrder)).toContain("table");
    expect(idsAt.get(topupOrder)).toContain("execution");
    expect(idsAt.get(reviewOrder)).toContain("queue");
    expect(idsAt.get(failedRequest)).toContain("log");
    expect(idsAt.get(refusedRequest)).toContain("log");
    expect(Object.fromEntries(places)).toMatchObject({
      table: expect.any(Number),
      queue: expect.any(Number),
      execution: expect.any(Number),
      log: expect.any(Number),
      file: expect.any(Number),
    });
  });
});

const settings = () => ({ endpoint: deployedStack().awsEndpoint, region: deployedStack().region, credentials });

/** Each form by itself, in a place of its own. */
async function plant(name: string, forms: readonly { text: string; secret: string }[]): Promise<void> {
  const db = new DynamoDBClient(settings());
  await db.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["pk", "sk"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    }),
  );
  await waitUntilTableExists({ client: db, minDelay: 1, maxWaitTime: 60 }, { TableName: name });
  const put = (sk: string, value: object) =>
    db.send(new PutItemCommand({ TableName: name, Item: { pk: { S: "planted" }, sk: { S: sk }, ...value } }));
  for (const [index, { text }] of forms.entries())
    await put(String(index), { nested: { M: { [`x${text}`]: { N: "1" } } } });
  for (const { secret } of forms.slice(0, 1))
    await put("in binary", { sealed: { B: Buffer.from(`{"secret":"${secret}"}`) } });

  const sqs = new SQSClient(settings());
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  for (const { text } of forms)
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `{"x":"${text}"}`, DelaySeconds: 900 }));

  const stack = deployedStack();
  const log = { logGroupName: name, logStreamName: "planted" };
  await callLogs(stack, "CreateLogGroup", { logGroupName: name });
  await callLogs(stack, "CreateLogStream", log);
  const logEvents = forms.map(({ text }, index) => ({
    timestamp: Date.now() + index,
    message: `somewhere ${text} inside`,
  }));
  await callLogs(stack, "PutLogEvents", { ...log, logEvents });

  const s3 = new S3Client({ ...settings(), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  for (const [index, { text }] of forms.entries())
    await s3.send(new PutObjectCommand({ Bucket: name, Key: String(index), Body: `a line\n${text}\n` }));
}

async function unplant(name: string): Promise<void> {
  await new DynamoDBClient(settings()).send(new DeleteTableCommand({ TableName: name }));
  const sqs = new SQSClient(settings());
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  await callLogs(deployedStack(), "DeleteLogGroup", { logGroupName: name });
  const s3 = new S3Client({ ...settings(), forcePathStyle: true });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: name }));
  for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket: name, Key }));
  await s3.send(new DeleteBucketCommand({ Bucket: name }));
}
