import { createServer, type IncomingHttpHeaders } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { portOf, read } from "./supplier-wire.ts";

/** A call as a simulated party sees it. */
export type Call = { method: string; url: URL; headers: IncomingHttpHeaders; body: string };
/** What it answers; `silence` never does, `cut` breaks the connection after the work was done. */
export type Reply =
  | { status: number; body?: unknown; text?: string; bytes?: Buffer; headers?: Record<string, string> }
  | "silence"
  | "cut";

/** A party we don't own: a real HTTP server of its own, on a free port of this machine. */
export type Party = {
  url: string;
  /** Where its callbacks go. */
  setCallbackUrl(url: string): void;
  /** What it says from now on that it charges for one piece, in its own notation; where it does so, in another currency. */
  setCharge(amount: unknown, currency?: string): void;
  /** How often it really delivered under this reference. */
  deliveries(reference: string): number;
  stop(): Promise<void>;
};

/** Serves calls one by one; what is to happen `later` ends when the party stops. */
export async function startParty(answer: (call: Call) => Reply | Promise<Reply>) {
  const stopping = new AbortController();
  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? "/", "http://party");
      const body = (await read(request)) ?? "";
      const reply = await answer({ method: request.method ?? "", url, headers: request.headers, body });
      if (reply === "silence") return;
      if (reply === "cut") return void response.destroy();
      const type = reply.text === undefined ? "application/json" : "text/html";
      response
        .writeHead(reply.status, { "content-type": type, ...reply.headers })
        .end(reply.bytes ?? reply.text ?? JSON.stringify(reply.body ?? {}));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    stopped: stopping.signal,
    later(ms: number, work: () => void | Promise<void>): void {
      sleep(ms, undefined, { ref: false, signal: stopping.signal })
        .then(work)
        .catch((error: unknown) => {
          if (!stopping.signal.aborted) throw error;
        });
    },
    async stop(): Promise<void> {
      stopping.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
