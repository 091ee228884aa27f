/** Somebody between us and a supplier who passes everything on, and wraps the answers in a way of their own. */
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import { portOf, read } from "./supplier-wire.ts";

type Wrapped = { body: Buffer; headers: Record<string, string> };
const json = { "content-type": "application/json" };

/** Every one of these is the same answer. */
export const WRAPPINGS: readonly (readonly [string, (body: Buffer) => Wrapped])[] = [
  ["a byte order mark", (body) => ({ body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]), headers: json })],
  ["gzip", (body) => ({ body: gzipSync(body), headers: { ...json, "content-encoding": "gzip" } })],
  ["gzip that nobody tells of", (body) => ({ body: gzipSync(body), headers: json })],
  ["a byte order mark in gzip", (body) => ({ body: gzipSync(`\uFEFF${body.toString("utf8")}`), headers: json })],
  [
    "UTF-16 with its mark",
    (body) => ({ body: Buffer.from(`\uFEFF${body.toString("utf8")}`, "utf16le"), headers: json }),
  ],
  [
    "blanks around it, as text",
    (body) => ({ body: Buffer.from(`\r\n ${body.toString("utf8")}\n`), headers: { "content-type": "text/html" } }),
  ],
];

/** Passes every call on to `url` and wraps the answer, for as long as the work takes. */
export async function wrapping<T>(url: string, wrap: (body: Buffer) => Wrapped, work: (url: string) => Promise<T>) {
  const server = createServer((request, response) => {
    void (async () => {
      const { host: _host, connection: _connection, "content-length": _length, ...headers } = request.headers;
      const body = (await read(request)) ?? "";
      const answer = await fetch(`${url}${request.url ?? ""}`, {
        method: request.method ?? "GET",
        headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
        ...(body === "" ? {} : { body }),
      });
      const wrapped = wrap(Buffer.from(await answer.arrayBuffer()));
      response.writeHead(answer.status, wrapped.headers).end(wrapped.body);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await work(`http://127.0.0.1:${portOf(server)}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
