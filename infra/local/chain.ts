import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { GetExecutionHistoryCommand, SFNClient } from "@aws-sdk/client-sfn";
import { allowReceiver } from "../ops/webhook-commands.ts";
import { operate as callOperators, callStack, type Order, place } from "./call-stack.ts";
import { openLog } from "./command.ts";
import { topupAccount } from "./demo-data.ts";
import { credentials } from "./deploy.ts";
import { freePort } from "./engine.ts";
import { localDir, root } from "./places.ts";
import { Problem } from "./problems.ts";
import { topupLine } from "./run-demo.ts";
import { type LocalStack, readStackFile } from "./stack-file.ts";

const STARTS_WITHIN_MS = 900_000;
const DELIVERED_WITHIN_MS = 120_000;

type Made = Record<string, string>;
type News = { type: string; data: { id: string } };

/**
 * Starts two local stacks, of which one supplies the other, and has a top-up bought through both. Each learns by webhooks what became of
 * it. Throws unless it arrives and nobody has polled.
 */
export async function runChain(log: (line: string) => void): Promise<void> {
  const started: Stoppable[] = [];
  try {
    log("Starting two local stacks, each with an engine of its own. One of them will supply the other …");
    const supplier = await startStack("supplier", started);
    const shop = await startStack("shop", started);
    const receiver = await startReceiver(started);
    log("Both are up. The shop names the other one as its supplier, which tells the shop by webhooks.");
    const supplierId = await connect(supplier, shop);
    const buyer = await openChannel(supplier, shop, supplierId, receiver.url);
    await buyThrough(supplier, buyer, receiver.news, log);
  } finally {
    for (const one of started.toReversed()) await one.stop();
  }
}

type Stoppable = { stop: () => Promise<void> };

/** Starts a stack as `npm start` does, with its files in a folder of its own, and waits until its demo is over. */
async function startStack(name: string, started: Stoppable[]): Promise<LocalStack> {
  const folder = join(localDir, "chain", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const log = openLog(join(folder, "start.log"));
  const env = { ...process.env, LOCAL_DIR: folder, LOCAL_PORT: String(await freePort()) };
  const child = spawn(process.execPath, ["infra/local/start.ts"], { cwd: root, env, stdio: ["ignore", log, log] });
  started.push({ stop: () => endOf(child) });
  const deadline = Date.now() + STARTS_WITHIN_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const stack = await readStackFile(join(folder, "stack.json")).catch(() => undefined);
    if (stack?.products !== undefined) return stack;
    await wait(500);
  }
  throw new Problem(`The stack did not start: the reason is in ${join(folder, "start.log")}.`);
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

/** A receiver of the shop's own webhooks: it stands for the storefront that sells. */
async function startReceiver(started: Stoppable[]): Promise<{ url: string; news: News[] }> {
  const news: News[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    news.push(JSON.parse(await text(request)) as News);
    response.end();
  };
  const server = createServer((request, response) => void take(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  started.push({ stop: async () => void server.close() });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, news };
}

const endpoints = "/v1/webhook-endpoints";
const json = (method: "POST" | "PATCH", body: unknown) => ({
  method,
  headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
  body: JSON.stringify(body),
});

const operate = (stack: LocalStack, path: string, body: unknown): Promise<Made> =>
  callOperators<Made>(stack, { method: "POST", path, json: body });

/** Has a stack call an address on this machine, which it does only when it is told so. */
async function endpointAt(stack: LocalStack, url: string): Promise<Made> {
  await allowReceiver(stack.receiversFile ?? "", new URL(url).host);
  return callStack<Made>(stack, endpoints, json("POST", { url }));
}

/** Makes the one stack a supplier of the other: each needs something of the other, so the endpoint learns its address last. */
async function connect(supplier: LocalStack, shop: LocalStack): Promise<string> {
  const callbacks = (id: string): string => `${shop.apiUrl}/v1/suppliers/${id}/callbacks`;
  const endpoint = await endpointAt(supplier, callbacks("none-yet"));
  const { id = "" } = await operate(shop, "/admin/v1/suppliers", {
    name: "The other Vouchsafe",
    protocol: "vouchsafe",
    baseUrl: supplier.apiUrl,
    credentials: { apiKey: supplier.apiKey, webhookSecret: endpoint["secret"] },
  });
  await callStack(supplier, `${endpoints}/${endpoint["id"]}`, json("PATCH", { url: callbacks(id) }));
  return id;
}

/** Makes a product that the shop buys from the other stack, and a channel that sells it and is told by webhooks too. */
async function openChannel(
  supplier: LocalStack,
  shop: LocalStack,
  supplierId: string,
  url: string,
): Promise<LocalStack> {
  const price = { amount: 5500, currency: "CNY" };
  const source = { supplierId, supplierProductId: supplier.products?.["topup"], cost: { ...price, amount: 4950 } };
  const topup = await operate(shop, "/admin/v1/products", {
    kind: "topup",
    name: "Phone credit 50",
    price,
    sources: [source],
  });
  const { id: channelId = "", apiKey = "" } = await operate(shop, "/admin/v1/channels", { name: "Shop of the chain" });
  await operate(shop, `/admin/v1/channels/${channelId}/deposits`, {
    money: { ...price, amount: 100_000 },
    reference: "chain",
  });
  const buyer = { ...shop, channelId, apiKey, products: { topup: topup["id"] ?? "" } };
  await endpointAt(buyer, url);
  return buyer;
}

async function buyThrough(
  supplier: LocalStack,
  buyer: LocalStack,
  news: News[],
  log: (line: string) => void,
): Promise<void> {
  const since = performance.now();
  const order = await place(buyer, "chain-1", [topupLine(buyer)]);
  const isOver = (): boolean => news.some(({ type, data }) => data.id === order.id && ENDS.has(type));
  while (!isOver() && performance.now() - since < DELIVERED_WITHIN_MS) await wait(50);
  const tookMs = Math.round(performance.now() - since);
  const { state } = await callStack<Order>(buyer, `/v1/orders/${order.id}`);
  if (state !== "fulfilled") throw new Problem(`The top-up did not arrive: its order is ${state}.`);
  const [theirs] = (await callStack<{ data: Order[] }>(supplier, "/v1/orders")).data;
  const polls = await questionsOf(buyer, order.id);
  log(`Topped up ${topupAccount} through two deployments in ${tookMs} ms.`);
  log(`  the shop's order      ${order.id}: ${told(news, order.id)}`);
  log(`  its supplier's order  ${theirs?.id}: ${theirs?.state}`);
  log(`  polls                 ${polls}`);
  if (polls > 0) throw new Problem("The shop polled its supplier, instead of being told.");
}

const ENDS = new Set(["order.fulfilled", "order.refunded", "order.cancelled", "order.review_opened"]);

const told = (news: readonly News[], id: string): string =>
  news.flatMap(({ type, data }) => (data.id === id ? [type.replace("order.", "")] : [])).join(", ");

/** How often the run of an order asked its supplier by itself, without being told of anything. */
async function questionsOf({ awsEndpoint, region, workflowArn }: LocalStack, orderId: string): Promise<number> {
  const client = new SFNClient({ endpoint: awsEndpoint, region, credentials });
  const executionArn = `${workflowArn.replace(":stateMachine:", ":execution:")}:${orderId}-1`;
  const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
  return events.filter(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name === "Ask the supplier").length;
}
