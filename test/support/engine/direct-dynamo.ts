import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import * as sdk from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { credentials, region } from "../../../infra/local/deploy.ts";
import { marshallOptions } from "../../../shared/aws/clients.ts";

// A proof makes thousands of calls, and the SDK takes three times as long for one as the second engine does: for serialising by
// schema, signing, and deciding about a repeat. What our own code sees of a client is the same here: inputs, answers and errors.

type Json = Record<string, unknown>;
type Handler = (call: { input: Json }) => Promise<object>;
type Middleware = (next: Handler, context: { commandName?: string }) => Handler;

/** The calls that read and write items. All others are the SDK's own. */
const ITEM_CALLS = /^((BatchGet|BatchWrite|Delete|Get|Put|Update)Item|Transact(Get|Write)Items|Query|Scan)(?=Command$)/;

/** All clients of a process share these connections; as many to one engine as the SDK has. */
const agent = new Agent({ keepAlive: true, maxSockets: 50 });

/** The engine wants a signature and doesn't check it. */
const signature = {
  Authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/20260101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
  "X-Amz-Date": "20260101T000000Z",
};

/** Makes a client, for a document client to wrap, whose calls about items go to a DynamoDB on this machine by the shortest way. */
export function directDynamo(endpoint: string): sdk.DynamoDBClient {
  const client = new sdk.DynamoDBClient({ endpoint, region, credentials });
  takeShortcut(client, endpoint);
  return client;
}

/** Has the calls about items of a client that somebody else has made go there by the shortest way. */
export function takeShortcut(client: { middlewareStack: unknown }, endpoint: string): void {
  const middleware: Middleware =
    (next, { commandName = "" }) =>
    async (call) => {
      const [operation] = ITEM_CALLS.exec(commandName) ?? [];
      if (operation === undefined) return next(call);
      return { response: {}, output: await answerTo(endpoint, operation, call.input) };
    };
  const { middlewareStack } = client as { middlewareStack: { add: (it: Middleware, at: object) => void } };
  // After whoever counts the calls, or breaks them.
  middlewareStack.add(middleware, { step: "serialize", priority: "high" });
}

async function answerTo(endpoint: string, operation: string, input: Json): Promise<Json> {
  // The SDK gives each transaction a token too.
  const asked = operation === "TransactWriteItems" ? { ClientRequestToken: randomUUID(), ...input } : input;
  const body = JSON.stringify(marshalled(asked), bytesAsText);
  const sent = request(endpoint, {
    method: "POST",
    agent,
    headers: {
      ...signature,
      "Content-Type": "application/x-amz-json-1.0",
      "Content-Length": Buffer.byteLength(body),
      "X-Amz-Target": `DynamoDB_20120810.${operation}`,
    },
  }).end(body);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  const answer = JSON.parse(await text(response)) as Json;
  readBytes(answer);
  const $metadata = { httpStatusCode: response.statusCode ?? 0, attempts: 1 };
  // The document client translates answers, but not errors.
  if (response.statusCode !== 200) throw errorOf(answer, $metadata);
  return { ...(unmarshalled(answer) as Json), $metadata };
}

/** The class that the SDK would throw, with its members. */
function errorOf({ __type = "", message, Message = message, ...members }: Json, $metadata: object): Error {
  const name = (__type as string).replace(/^.*#/, "");
  const options = { ...members, name, $fault: "client", $metadata, message: Message };
  const known = (sdk as unknown as Record<string, (new (of: object) => Error) | undefined>)[name];
  return known === undefined ? new sdk.DynamoDBServiceException(options as never) : new known(options);
}

/** The members of calls that hold one item, a part of one, or values for an expression; and those that hold many. */
const ONE = new Set(["Item", "Key", "ExpressionAttributeValues", "ExclusiveStartKey"]);
const MANY = new Set(["Keys"]);

const toItem = (value: object): object => marshall(value, { ...marshallOptions, convertTopLevelContainer: false });

function marshalled(value: unknown, name = ""): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (ONE.has(name)) return toItem(value);
  if (Array.isArray(value))
    return value.map((member) => (MANY.has(name) ? toItem(member as object) : marshalled(member)));
  return mapped(value, marshalled);
}

/** The same of answers. A batch answers with items by their tables, a transaction with objects that hold an item each. */
const ONE_ANSWERED = new Set(["Item", "Key", "Attributes", "LastEvaluatedKey"]);
const MANY_ANSWERED = new Set(["Items", "Keys"]);

function unmarshalled(value: unknown, name = ""): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (ONE_ANSWERED.has(name)) return unmarshall(value as never);
  if (Array.isArray(value))
    return value.map((member) => (MANY_ANSWERED.has(name) ? unmarshall(member) : unmarshalled(member)));
  if (name === "Responses") return mapped(value, (items) => (items as never[]).map((item) => unmarshall(item)));
  return mapped(value, unmarshalled);
}

const mapped = (value: object, to: (member: unknown, name: string) => unknown): Json =>
  Object.fromEntries(Object.entries(value).map(([name, member]) => [name, to(member, name)]));

/** Binary values travel as base64. */
function bytesAsText(this: Json, name: string, value: unknown): unknown {
  const given = this[name];
  return given instanceof Uint8Array ? Buffer.from(given).toString("base64") : value;
}

function readBytes(value: object): void {
  for (const member of Object.values(value)) {
    if (typeof member !== "object" || member === null) continue;
    const attribute = member as { B?: unknown };
    if (typeof attribute.B === "string") attribute.B = new Uint8Array(Buffer.from(attribute.B, "base64"));
    else readBytes(member as object);
  }
}
