import type { OperatorCall } from "../ops/client.ts";
import { operatorClient } from "../ops/client.ts";
import { credentials } from "./deploy.ts";
import { Problem } from "./problems.ts";
import type { LocalStack } from "./stack-file.ts";

/** An order, as far as the demos look at it. */
export type Order = {
  id: string;
  state: string;
  payment?: { url?: string };
  lines: { deliverables?: { number?: string; secret: string }[] }[];
};

/** Places an order, paid from the balance if nothing else is said. */
export function place(
  stack: LocalStack,
  idempotencyKey: string,
  lines: object[],
  payment: object = { method: "balance" },
): Promise<Order> {
  const body = JSON.stringify({ lines, payment });
  const headers = { "Content-Type": "application/json", "Idempotency-Key": idempotencyKey };
  return callStack<Order>(stack, "/v1/orders", { method: "POST", headers, body });
}

/** Calls the storefront API of a stack as its channel. Throws unless it says yes. */
export async function callStack<T>(
  stack: LocalStack,
  path: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<T> {
  const headers = { Authorization: `Bearer ${stack.apiKey}`, ...init.headers };
  const answer = await fetch(`${stack.apiUrl}${path}`, { ...init, headers });
  const body = await answer.text();
  if (!answer.ok) throw new Problem(`${path} answered ${answer.status}: ${body}`);
  return JSON.parse(body) as T;
}

/** Calls the operator API of a stack. Throws unless it says yes. */
export async function operate<T>(stack: LocalStack, call: OperatorCall): Promise<T> {
  const send = operatorClient({ apiUrl: stack.apiUrl, region: stack.region, credentials });
  const answer = await send(call);
  if (answer.ok) return answer.body as T;
  throw new Problem(`${call.method} ${call.path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}
