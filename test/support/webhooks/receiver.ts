/**
 * A receiver of webhooks in a process of its own, which verifies with the public library and notes what it took, one line of JSON each,
 * in a file that outlives it. `node receiver.ts PORT SECRET FILE [SLOW_MS]`.
 */
import { appendFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { Webhook } from "standardwebhooks";

const [port = "0", secret = "", file = "", slowMs = "0"] = process.argv.slice(2);
const webhook = new Webhook(secret);

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  await sleep(Number(slowMs));
  try {
    webhook.verify(body, request.headers as Record<string, string>);
  } catch {
    appendFileSync(file, `${JSON.stringify({ forged: true })}\n`);
    response.writeHead(401).end("forged");
    return;
  }
  const id = request.headers["webhook-id"];
  appendFileSync(file, `${JSON.stringify({ id, ...(JSON.parse(body) as object) })}\n`);
  response.end("taken");
}

createServer((request, response) => void take(request, response)).listen(Number(port), "127.0.0.1", () =>
  process.stdout.write("up\n"),
);
