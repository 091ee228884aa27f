import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { header, portOf } from "./supplier-wire.ts";

/** One of our calls on its way to the supplier. */
export type Passing = { kind: "place" | "query"; reference: string };

/**
 * `lost`: it never arrives and is never answered. `down`: somebody before the supplier answers 503. `stale`: it is answered,
 * but what was delivered is still told as being worked on.
 */
export type Trouble = "lost" | "down" | "stale";

export type Gate = Awaited<ReturnType<typeof openGate>>;

const PASSED_ON = ["authorization", "content-type", "idempotency-key", "x-request-id"];

/** The road to a supplier: sees every call that we make, and can lose it before the supplier has heard of it. */
export async function openGate(supplierUrl: string) {
  const passed: Passing[] = [];
  let troubleOf: (call: Passing, earlier: number) => Trouble | undefined = () => undefined;

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", supplierUrl);
    const kind = request.method === "POST" ? "place" : "query";
    const reference = header(request, "idempotency-key") || (url.searchParams.get("idempotencyKey") ?? "");
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const earlier = passed.filter((call) => call.kind === kind && call.reference === reference).length;
    passed.push({ kind, reference });
    const trouble = troubleOf({ kind, reference }, earlier);
    if (trouble === "lost") return;
    if (trouble === "down") {
      response.writeHead(503).end();
      return;
    }
    const headers = PASSED_ON.map((name) => [name, header(request, name)]);
    const answer = await fetch(url, {
      method: request.method ?? "GET",
      headers: headers.filter(([, value]) => value !== "") as [string, string][],
      ...(kind === "place" ? { body: Buffer.concat(chunks) } : {}),
    });
    const text = await answer.text();
    const told = trouble === "stale" ? text.replaceAll('"state":"fulfilled"', '"state":"fulfilling"') : text;
    // Of the headers that matter, for example how long to wait.
    const passedOn = ["content-type", "retry-after"].map((name) => [name, answer.headers.get(name) ?? ""]);
    response.writeHead(answer.status, Object.fromEntries(passedOn.filter(([, value]) => value !== ""))).end(told);
  }

  // A caller or a supplier that hangs up in the middle is what many tests are about, and no mistake in here.
  const server = createServer((request, response) => void pass(request, response).catch(() => response.destroy()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    /** Every call that we made, oldest first, whatever became of it. */
    passed: (): readonly Passing[] => passed,
    /** From now on decides for each call; `earlier` counts those of its kind with the same reference before it. */
    trouble(decide: (call: Passing, earlier: number) => Trouble | undefined): void {
      troubleOf = decide;
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
