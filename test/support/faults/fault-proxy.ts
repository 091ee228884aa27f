import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Random, seeded } from "../random.ts";
import { portOf } from "../suppliers/supplier-wire.ts";

// A bad network between the use cases and DynamoDB. Who talks to it is the first part of the path, and has luck of its own:
// the same seed gives the same helper the same faults at the same of its calls, however the helpers take turns.

export const FAULTS = [
  "throttled",
  "throttled inside",
  "failed",
  "conflict",
  "slow",
  "half done",
  "cut off",
  "answer lost",
] as const;
export type Fault = (typeof FAULTS)[number];

export type FaultProxy = {
  endpointFor: (helper: string) => string;
  /** The share of calls that something happens to, from 0 to 1. */
  setRate: (rate: number) => void;
  /** How often each fault came. */
  happened: Record<Fault, number>;
  calls: () => number;
  stop: () => Promise<void>;
};

export async function startFaultProxy(engine: string, seed: number): Promise<FaultProxy> {
  const happened = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<Fault, number>;
  const luck = new Map<string, Random>();
  let rate = 0;
  let calls = 0;

  function faultFor(call: IncomingMessage): Fault | undefined {
    calls += 1;
    const helper = (call.url ?? "").split("/")[1] ?? "";
    const random = luck.get(helper) ?? seeded(seed, `network ${helper}`);
    luck.set(helper, random);
    const [is, which] = [random.next(), random.pick(FAULTS)];
    return is < rate ? which : undefined;
  }

  async function handle(call: IncomingMessage, answer: ServerResponse): Promise<void> {
    const fault = faultFor(call);
    const body = await textOf(call);
    const action = String(call.headers["x-amz-target"]).split(".")[1] ?? "";
    if (fault === undefined) return pass(engine, call, body, answer);
    happened[fault] += 1;
    switch (fault) {
      case "throttled":
        return refuse(answer, 400, "ProvisionedThroughputExceededException");
      case "throttled inside":
        return throttledInside(answer, action, body);
      case "failed":
        return refuse(answer, 500, "InternalServerError");
      case "conflict":
        return conflict(answer, action, body);
      case "slow":
        await sleep(20);
        return pass(engine, call, body, answer);
      case "half done":
        return pass(engine, call, body, answer, action.startsWith("Batch") ? half : undefined);
      case "cut off":
        return void call.socket.destroy();
      case "answer lost":
        await forward(engine, call, body);
        return void call.socket.destroy();
    }
  }

  const server = createServer((call, answer) => {
    handle(call, answer).catch(() => call.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  return {
    endpointFor: (helper) => `http://127.0.0.1:${portOf(server)}/${helper}`,
    setRate: (next) => {
      rate = next;
    },
    happened,
    calls: () => calls,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function refuse(answer: ServerResponse, status: number, name: string, more: object = {}): void {
  answer.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
  answer.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: "Bad network.", ...more }));
}

/** Somebody else's transaction holds the item. Reads of one item never meet this. */
function conflict(answer: ServerResponse, action: string, body: string): void {
  if (action !== "TransactWriteItems") {
    const isWrite = action === "UpdateItem" || action === "PutItem" || action === "DeleteItem";
    return refuse(answer, 400, isWrite ? "TransactionConflictException" : "ThrottlingException");
  }
  cancelled(answer, body, "TransactionConflict");
}

/** One partition of a transaction is too hot. DynamoDB says so in a reason of a cancelled transaction, which no SDK retries. */
function throttledInside(answer: ServerResponse, action: string, body: string): void {
  if (action !== "TransactWriteItems") return refuse(answer, 400, "ThrottlingException");
  cancelled(answer, body, "ThrottlingError");
}

/** A transaction that was cancelled for this reason of its first write. */
function cancelled(answer: ServerResponse, body: string, reason: string): void {
  const { TransactItems } = JSON.parse(body) as { TransactItems: unknown[] };
  const CancellationReasons = TransactItems.map((_, index) => ({ Code: index === 0 ? reason : "None" }));
  refuse(answer, 400, "TransactionCanceledException", { CancellationReasons });
}

type Answered = { status: number; body: string };
type Batch = { RequestItems: Record<string, unknown> };

/** A batch of which the table takes the first half now, and leaves the rest to the caller. */
function half(body: string): { now: string; later: (answered: Answered) => Answered } {
  const batch = JSON.parse(body) as Batch;
  const [[table, all] = ["", []]] = Object.entries(batch.RequestItems);
  const isRead = !Array.isArray(all);
  const parts = isRead ? (all as { Keys: unknown[] }).Keys : all;
  const middle = Math.ceil(parts.length / 2);
  const some = (from: number, to?: number): unknown =>
    isRead ? { ...(all as object), Keys: parts.slice(from, to) } : parts.slice(from, to);
  return {
    now: JSON.stringify({ ...batch, RequestItems: { [table]: some(0, middle) } }),
    later: ({ status, body: text }) => {
      const left = { [isRead ? "UnprocessedKeys" : "UnprocessedItems"]: { [table]: some(middle) } };
      return {
        status,
        body: JSON.stringify({ ...(JSON.parse(text) as object), ...(middle < parts.length ? left : {}) }),
      };
    },
  };
}

async function pass(
  engine: string,
  call: IncomingMessage,
  body: string,
  answer: ServerResponse,
  split?: typeof half,
): Promise<void> {
  const { now, later } = split?.(body) ?? { now: body, later: (answered: Answered) => answered };
  const { status, body: text } = later(await forward(engine, call, now));
  // Without its checksum: the body may not be what the engine has summed up.
  answer.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
  answer.end(text);
}

async function forward(engine: string, call: IncomingMessage, body: string): Promise<Answered> {
  const { host: _host, "content-length": _length, ...headers } = call.headers;
  return new Promise((resolve, reject) => {
    const passed = request(engine, { method: "POST", path: "/", headers }, (response) => {
      textOf(response).then((text) => resolve({ status: response.statusCode ?? 500, body: text }), reject);
    });
    passed.once("error", reject).end(body);
  });
}

async function textOf(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
