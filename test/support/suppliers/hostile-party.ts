/** Somebody who answers a supplier's address and is no supplier, or has gone wrong: every call gets the same answer. */
import { createServer, type ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { portOf } from "./supplier-wire.ts";

type Answer = (response: ServerResponse) => void;

const json =
  (status: number, body: string | Buffer, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);

const deep = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
const html = { "content-type": "text/html" };

/** Longer than any time-out here, a byte at a time: what only watches the pauses between bytes waits for ever. */
const drip: Answer = (response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const timer = setInterval(() => response.write(" "), 20);
  response.on("close", () => clearInterval(timer));
};

const brokenOff: Answer = (response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
  response.write('{"id":"O-1","status":"COMPLETED"', () => response.destroy());
};

/** None of these says anything about an order, or about anything else. */
export const HOSTILE_ANSWERS: readonly (readonly [string, Answer])[] = [
  ["silence", () => {}],
  ["a connection that is cut", (response) => void response.destroy()],
  ["an answer that breaks off", brokenOff],
  ["an answer that never ends", drip],
  ["an error", json(500, "{}")],
  ["a gateway's page", json(502, "<html>Bad gateway</html>", html)],
  ["a proxy's 404", json(404, "<html>Not found</html>", html)],
  ["a redirect", json(302, "{}", { location: "http://127.0.0.1/" })],
  ["nothing", json(200, "")],
  ["blanks", json(200, " \r\n")],
  ["a page for people", json(200, "<!doctype html><title>Log in</title>", html)],
  ["a page for people that is said to be JSON", json(200, "\uFEFF<html>Log in</html>")],
  ["bytes of another charset", json(200, Buffer.from([0x7b, 0x22, 0xb0, 0xa1, 0x22, 0x3a, 0x31, 0x7d]))],
  ["half of a packed one", json(200, gzipSync("{}".repeat(500)).subarray(0, 12))],
  ["null", json(200, "null")],
  ["a number", json(200, "1e999")],
  ["a list of lists", json(200, "[[[[]]]]")],
  ["a prototype", json(200, '{"__proto__":{"status":"COMPLETED","state":"fulfilled","code":0,"data":[]}}')],
  ["wrong types", json(200, '{"id":{},"status":[],"state":7,"code":"0","result":{},"external_id":[],"data":{}}')],
  ["a very deep one", json(200, deep)],
  ["a very large one", json(200, `{"a":"${"x".repeat(3 * 1024 * 1024)}"}`)],
  // 8 MB of blanks in 8 KB: counted after it was unpacked, as it comes, and not when it is all there.
  ["a bomb", json(200, gzipSync(" ".repeat(8 * 1024 * 1024)), { "content-encoding": "gzip" })],
];

export const THROTTLED: Answer = json(429, "{}", { "retry-after": "11" });

/** Serves this answer, whatever is asked, for as long as the work takes. */
export async function answering<T>(answer: Answer, work: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    request.resume();
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await work(`http://127.0.0.1:${portOf(server)}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
