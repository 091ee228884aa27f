import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { portOf } from "../suppliers/supplier-wire.ts";

/**
 * How a call to a party goes wrong on its way. `reset`: nobody hears of it · `throttled`, `down`, `page`: something before the party
 * answers instead of it: 429, 500, a page for people · `lost`, `half`: the party has done its work, and nothing, or half, of its answer comes ·
 * `down after`, `page after`: the same, and something else answers · `silence`: the same, and nobody says anything until the caller gives up.
 */
export const LINE_FAULTS = [
  "reset",
  "throttled",
  "down",
  "page",
  "lost",
  "half",
  "down after",
  "page after",
  "silence",
] as const;
export type LineFault = (typeof LINE_FAULTS)[number];

const PAGE = "<html><body><h1>Please log in to this network</h1></body></html>";

type Answered = { status: number; headers: IncomingMessage["headers"]; body: Buffer };

/** A line to a party, which breaks on demand: a real HTTP server between us and theirs. */
export async function startBadLine(to: string) {
  const faults: (LineFault | "fine")[] = [];
  const happened: { fault: LineFault; call: string }[] = [];

  async function handle(call: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await buffer(call);
    const fault = faults.shift();
    if (fault !== undefined && fault !== "fine")
      happened.push({ fault, call: `${call.method} ${call.url?.split("?")[0]}` });
    if (fault === "reset") return void call.socket.destroy();
    if (fault === "throttled") return say(answer, 429, "too many requests");
    if (fault === "down") return say(answer, 500, "internal error");
    if (fault === "page") return say(answer, 200, PAGE);
    const said = await forward(to, call, body);
    if (fault === "lost") return void call.socket.destroy();
    if (fault === "silence") return;
    if (fault === "down after") return say(answer, 500, "internal error");
    if (fault === "page after") return say(answer, 200, PAGE);
    const { "transfer-encoding": _chunked, ...headers } = said.headers;
    answer.writeHead(said.status, { ...headers, "content-length": said.body.length });
    if (fault !== "half" || said.body.length < 2) return void answer.end(said.body);
    answer.write(said.body.subarray(0, Math.floor(said.body.length / 2)), () => call.socket.destroy());
  }

  const server = createServer((call, answer) => {
    handle(call, answer).catch(() => call.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    /** The next calls go wrong, one after another. */
    next: (...them: (LineFault | "fine")[]) => void faults.push(...them),
    /** From now on all goes well. Returns how many faults nobody has met. */
    mend: () => faults.splice(0).length,
    happened: () => happened,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type BadLine = Awaited<ReturnType<typeof startBadLine>>;

function say(answer: ServerResponse, status: number, text: string): void {
  answer.writeHead(status, { "content-type": "text/html" }).end(text);
}

function forward(to: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const passed = request(new URL(url ?? "/", to), { method, headers }, (response) => {
      buffer(response).then(
        (whole) => resolve({ status: response.statusCode ?? 500, headers: response.headers, body: whole }),
        reject,
      );
    });
    passed.once("error", reject).end(body);
  });
}
