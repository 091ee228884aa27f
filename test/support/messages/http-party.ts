import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Called = { method: string; url: string; headers: IncomingMessage["headers"]; body: string };
export type Said = { status: number; headers?: Record<string, string>; body: string };

/** A server of others that speaks HTTP. `answer`: what it says; undefined: the connection is gone before it says anything. */
export async function httpServer(answer: (called: Called) => Said | undefined) {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const said = answer({ method, url, headers, body: Buffer.concat(chunks).toString("utf8") });
      if (said === undefined) response.destroy();
      else response.writeHead(said.status, said.headers).end(said.body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async (): Promise<void> => {
      server.closeAllConnections();
      server.close();
    },
  };
}
