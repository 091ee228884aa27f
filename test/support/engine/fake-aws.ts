import { createHash, createHmac, randomBytes } from "node:crypto";
import type { EventBridgeClient, PutEventsCommand, PutEventsCommandOutput } from "@aws-sdk/client-eventbridge";
import { InvalidCiphertextException, KMSClient } from "@aws-sdk/client-kms";
import { S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { ExecutionAlreadyExists, ExecutionDoesNotExist, SFNClient, TaskDoesNotExist } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { credentials, region } from "../../../infra/local/deploy.ts";
import type { ToldNews } from "../../../shared/events/event.ts";
import { fingerprintOf } from "../../../shared/kernel/ids.ts";
import { seal, unseal } from "../../../shared/secrecy/envelope.ts";

// The other services, for proofs about tables: real clients whose calls are answered here. What they are asked for is
// really done: keys wrap and unwrap, a name is taken once, a token resumes once.

type Input = Record<string, unknown>;
type Answers = Record<string, (input: never) => object>;
type Handler = (call: { input: Input }) => Promise<object>;
type Middleware = (next: Handler, context: { commandName?: string }) => Handler;

function answered<C extends object>(client: C, answers: Answers): C {
  const middleware: Middleware =
    (next, { commandName = "" }) =>
    async (call) => {
      // Whoever puts nothing only wants an address signed.
      if (commandName === "PutObjectCommand" && call.input["Body"] === undefined) return next(call);
      const answer = answers[commandName];
      if (answer === undefined) throw new Error(`nobody answers ${commandName}`);
      return { response: {}, output: { $metadata: {}, ...answer(call.input as never) } };
    };
  const { middlewareStack } = client as { middlewareStack: { add: (it: Middleware, at: object) => void } };
  // Before anything is written down for sending, and after whoever counts the calls.
  middlewareStack.add(middleware, { step: "serialize", priority: "high" });
  return client;
}

const settings = { endpoint: "http://127.0.0.1:9", region, credentials };

type Context = { EncryptionContext?: Record<string, string>; KeyId: string };
const boundTo = ({ KeyId, EncryptionContext = {} }: Context): string => `${KeyId} ${fingerprintOf(EncryptionContext)}`;

/** Data keys that open only with the key and the context they were made for, and MACs; clients of one master have the same keys. */
export function fakeKms(master: Uint8Array = randomBytes(32)): KMSClient {
  return answered(new KMSClient(settings), {
    GenerateDataKeyCommand: (input: Context) => {
      const plain = randomBytes(32);
      return { Plaintext: plain, CiphertextBlob: seal(master, plain.toString("base64"), boundTo(input)) };
    },
    DecryptCommand: ({ CiphertextBlob, ...context }: Context & { CiphertextBlob: Uint8Array }) => {
      try {
        return { Plaintext: Buffer.from(unseal(master, CiphertextBlob, boundTo(context)), "base64") };
      } catch {
        throw new InvalidCiphertextException({ message: "not of this key", $metadata: {} });
      }
    },
    GenerateMacCommand: ({ KeyId, Message }: { KeyId: string; Message: Uint8Array }) => ({
      Mac: createHmac("sha256", master).update(KeyId).update(Message).digest(),
    }),
  });
}

export function fakeParameters(): SSMClient {
  const values = new Map<string, string>();
  return answered(new SSMClient(settings), {
    PutParameterCommand: ({ Name, Value }: { Name: string; Value: string }) => {
      values.set(Name, Value);
      return {};
    },
    GetParameterCommand: ({ Name }: { Name: string }) => ({ Parameter: { Value: values.get(Name) } }),
  });
}

/** Every message sent, oldest first. */
export function fakeQueues(): { sqs: SQSClient; sent: { QueueUrl: string; MessageBody: string }[] } {
  const sent: { QueueUrl: string; MessageBody: string }[] = [];
  const sqs = answered(new SQSClient(settings), {
    GetQueueUrlCommand: ({ QueueName }: { QueueName: string }) => ({ QueueUrl: QueueName }),
    SendMessageCommand: (message: { QueueUrl: string; MessageBody: string }) => {
      sent.push(message);
      return { MD5OfMessageBody: createHash("md5").update(message.MessageBody).digest("hex") };
    },
  });
  return { sqs, sent };
}

type Run = { status: string; stopDate?: Date };

/** Executions by name, and the tokens that somebody waits with. */
export function fakeWorkflows(): { sfn: SFNClient; runs: Map<string, Run>; waiting: Set<string> } {
  const runs = new Map<string, Run>();
  const waiting = new Set<string>();
  const about = { message: "so it is", $metadata: {} };
  const sfn = answered(new SFNClient(settings), {
    StartExecutionCommand: ({ name }: { name: string }) => {
      if (runs.has(name)) throw new ExecutionAlreadyExists(about);
      runs.set(name, { status: "RUNNING" });
      return {};
    },
    DescribeExecutionCommand: ({ executionArn }: { executionArn: string }) => {
      const run = runs.get(executionArn.slice(executionArn.lastIndexOf(":") + 1));
      if (run === undefined) throw new ExecutionDoesNotExist(about);
      return run;
    },
    SendTaskSuccessCommand: ({ taskToken }: { taskToken: string }) => {
      if (!waiting.delete(taskToken)) throw new TaskDoesNotExist(about);
      return {};
    },
  });
  return { sfn, runs, waiting };
}

/** A bus that takes everything and remembers the events that it was told, as `type id`. */
export function fakeBus(): { events: EventBridgeClient; told: string[] } {
  const told: string[] = [];
  const send = async ({ input }: PutEventsCommand): Promise<PutEventsCommandOutput> => {
    for (const { Detail = "{}" } of input.Entries ?? [])
      for (const { type, id } of (JSON.parse(Detail) as ToldNews).events) told.push(`${type} ${id}`);
    return { FailedEntryCount: 0, Entries: input.Entries?.map(() => ({})), $metadata: {} };
  };
  return { events: { send } as unknown as EventBridgeClient, told };
}

const failed = (httpStatusCode: number): S3ServiceException =>
  new S3ServiceException({ name: String(httpStatusCode), $fault: "client", $metadata: { httpStatusCode } });

/** A bucket in memory; `files` by key. Each that is put there is another one. */
export function fakeBucket(): { s3: S3Client; files: Map<string, Uint8Array> } {
  const files = new Map<string, Uint8Array>();
  const etags = new WeakMap<Uint8Array, string>();
  const find = ({ Key, IfMatch }: { Key: string; IfMatch?: string }) => {
    const file = files.get(Key);
    if (file === undefined) throw failed(404);
    const etag = etags.get(file) ?? `"${randomBytes(16).toString("hex")}"`;
    etags.set(file, etag);
    if (IfMatch !== undefined && IfMatch !== etag) throw failed(412);
    return { file, etag };
  };
  const answers: Answers = {
    HeadObjectCommand: (wanted: { Key: string }) => {
      const { file, etag } = find(wanted);
      return { ContentLength: file.length, ETag: etag };
    },
    GetObjectCommand: ({ Range, ...wanted }: { Key: string; Range?: string; IfMatch?: string }) => {
      const { file } = find(wanted);
      const [, from = 0, to = Infinity] = /^bytes=(\d+)-(\d+)$/.exec(Range ?? "") ?? [];
      if (Range !== undefined && Number(from) >= file.length) throw failed(416);
      const bytes = file.slice(Number(from), Number(to) + 1);
      const transformToString = async () => Buffer.from(bytes).toString("utf8");
      return { Body: { transformToByteArray: async () => bytes, transformToString } };
    },
    ListObjectsV2Command: ({ StartAfter = "", MaxKeys = 1000 }: { StartAfter?: string; MaxKeys?: number }) => {
      const keys = [...files.keys()].filter((key) => key > StartAfter).toSorted();
      return { Contents: keys.slice(0, MaxKeys).map((Key) => ({ Key })) };
    },
    PutObjectCommand: ({ Key, Body }: { Key: string; Body: string }) => {
      files.set(Key, Buffer.from(Body));
      return {};
    },
    DeleteObjectCommand: ({ Key }: { Key: string }) => {
      files.delete(Key);
      return {};
    },
  };
  return { s3: answered(new S3Client(settings), answers), files };
}
