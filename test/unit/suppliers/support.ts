/** An HTTP server of the test's own, and an adapter that talks to a given one. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { afterEach } from "vitest";
import { Secret } from "../../../shared/kernel/secret.ts";
import type { Need } from "../../../shared/suppliers/contract.ts";
import { vouchsafeAdapter } from "../../../shared/suppliers/vouchsafe/adapter.ts";
import { portOf } from "../../support/suppliers/supplier-wire.ts";

/** The key of the standard's published example. */
export const publishedSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

type Party = { url: string; apiKey?: string; webhookSecret?: string };

export function adapterFor({ url, apiKey = "sim_key", webhookSecret = publishedSecret }: Party, timeoutMs = 2000) {
  return vouchsafeAdapter(
    { baseUrl: url, timeoutMs },
    { apiKey: new Secret(apiKey), webhookSecret: new Secret(webhookSecret) },
  );
}

let counter = 0;

export function needFor(account: string): Need {
  counter += 1;
  return {
    reference: `ord_${counter}-1-1`,
    supplierProductId: "prod_topup",
    quantity: 1,
    recipientAccount: new Secret(account),
  };
}

export type Received = { method: string; url: string; headers: Record<string, string>; body: string };
type Reply = (response: ServerResponse) => void;

/** As API Gateway hands them on: lower case, one text each. */
function flat(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** Answers every call by `reply` and keeps what it received. Closed after the test. */
export async function serve(reply: Reply): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString("utf8");
    });
    request.on("end", () => {
      received.push({ method: request.method ?? "", url: request.url ?? "", headers: flat(request.headers), body });
      reply(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${portOf(server)}`, received };
}

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((cleanup) => cleanup()));
});
