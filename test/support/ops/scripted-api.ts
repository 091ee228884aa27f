import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { LocalStack } from "../../../infra/local/stack-file.ts";
import { terminal } from "./ops.ts";

type Asked = { call: string; key: string | undefined; body: string };
export type Answer = { status?: number; body: unknown };
/** The answers by call, the last of each again and again; "hang up" ends the connection. */
type Answers = Record<string, (Answer | "hang up")[]>;

/** An operator API that answers as a scene says, and the terminal of an operator who talks to it. */
export async function scriptedApi() {
  const asked: Asked[] = [];
  let answers: Answers = {};

  async function answer(request: IncomingMessage): Promise<Answer | "hang up"> {
    const call = `${request.method} ${request.url}`;
    const key = request.headers["idempotency-key"];
    asked.push({ call, key: key === undefined ? undefined : String(key), body: await text(request) });
    const of = answers[call] ?? [];
    return (of.length > 1 ? of.shift() : of[0]) ?? { status: 404, body: { code: "not_found", detail: call } };
  }

  const server = createServer((request, response) => {
    void answer(request).then((said) => {
      if (said === "hang up") return response.destroy();
      response.writeHead(said.status ?? 200, { "Content-Type": "application/json" });
      return response.end(JSON.stringify(said.body));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const operator = terminal({ apiUrl, region: "us-east-1", awsEndpoint: apiUrl, keys: { codes: "k" } } as LocalStack);
  return {
    operator,
    asked,
    posts: (): Asked[] => asked.filter(({ call }) => call.startsWith("POST")),
    answers: (next: Answers): void => {
      answers = next;
    },
    /** Answers as the next scene says, and forgets what was asked in the one before. */
    begin: (next: Answers): void => {
      asked.length = 0;
      answers = next;
    },
    close: () => server.close(),
  };
}
