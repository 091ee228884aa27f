import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import type { Operations } from "../../../functions/runtime/operation.ts";

type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** A function that answers pages, as it would be deployed: what it answers, and its handler. */
export type PageFunction = { operations: Operations; handler: Handler };

/** Serves functions of pages at an address of this machine, as API Gateway would: requests become its events. */
export async function servePages(functions: readonly PageFunction[]): Promise<{ url: string; stop: () => void }> {
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const found = match(functions, request);
      if (found === undefined) return response.writeHead(404).end();
      const answer = await found.handler(eventOf(request, body, found), {} as Context);
      response.writeHead(answer.statusCode ?? 200, answer.headers as Record<string, string>);
      return response.end(Buffer.from(answer.body ?? "", answer.isBase64Encoded === true ? "base64" : "utf8"));
    })().catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

type Found = { handler: Handler; routeKey: string; params: Record<string, string> };

const urlOf = (request: IncomingMessage): URL => new URL(request.url ?? "/", "http://page.invalid");

function match(functions: readonly PageFunction[], request: IncomingMessage): Found | undefined {
  for (const { operations, handler } of functions)
    for (const { method, path } of Object.values(operations)) {
      const pattern = new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
      const found = method === request.method ? pattern.exec(urlOf(request).pathname) : null;
      if (found !== null) return { handler, routeKey: `${method} ${path}`, params: { ...found.groups } };
    }
  return undefined;
}

let requests = 0;

function eventOf(request: IncomingMessage, body: string, { routeKey, params }: Found): APIGatewayProxyEventV2 {
  const { pathname, search, searchParams } = urlOf(request);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return {
    version: "2.0",
    routeKey,
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers,
    pathParameters: params,
    queryStringParameters: Object.fromEntries(searchParams),
    requestContext: {
      requestId: `request-${++requests}`,
      http: { method: request.method ?? "GET", path: pathname, sourceIp: "192.0.2.1" },
    },
    body,
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEventV2;
}
