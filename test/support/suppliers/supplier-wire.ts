/** The supplier simulator's side of the wire: what it reads, what it answers. */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import * as z from "zod";
import type { Callback } from "./supplier-callbacks.ts";

/** What the supplier really did: `deliveries` above 1 would be goods given away. */
export type DeliveredOrder = {
  id: string;
  reference: string;
  productId: string;
  quantity: number;
  account: string | undefined;
  state: "fulfilling" | "fulfilled" | "partly_fulfilled" | "refunded";
  deliveries: number;
  /** Pieces that were delivered, and the codes of those that are handed over. */
  delivered: number;
  codes: string[];
};

/** What one piece is said to have cost. */
export type Charge = { amount: unknown; currency: string };

export type Order = DeliveredOrder & { charge?: Charge; idempotencyKey: string; body: string; lastCallback?: Callback };
export type Answer = { status: number; body: unknown; headers?: Record<string, string> };
export type Problem = { status: number; code: string; headers?: Record<string, string> };
/** "silence": the call is never answered. */
export type Result = Answer | Problem | "silence";

const maxBodyBytes = 64 * 1024;

export const placeSchema = z.strictObject({
  lines: z
    .array(
      z.strictObject({
        productId: z.string().min(1),
        quantity: z.int().min(1).max(100),
        recipient: z.strictObject({ account: z.string().min(1).max(64) }).optional(),
      }),
    )
    .length(1),
  payment: z.strictObject({ method: z.literal("balance") }),
  reference: z.string().min(1).max(255).optional(),
});

export function shown(order: Order) {
  const { id, reference, state, productId, quantity, account, delivered } = order;
  const line = (pieces: number, stateOfLine: string) => ({
    productId,
    kind: account === undefined ? "code" : "topup",
    quantity: pieces,
    state: stateOfLine,
  });
  const lines =
    state === "partly_fulfilled"
      ? [line(delivered, "fulfilled"), line(quantity - delivered, "refunded")]
      : [line(quantity, state)];
  return { id, state, reference, lines, ...moneyOf(order) };
}

function moneyOf({ charge, state, quantity, delivered }: Order): object {
  if (charge === undefined) return {};
  const { amount, currency } = charge;
  const times = (pieces: number) => ({ amount: typeof amount === "number" ? amount * pieces : amount, currency });
  const back = { partly_fulfilled: quantity - delivered, refunded: quantity, fulfilling: 0, fulfilled: 0 };
  return { total: times(quantity), refunded: { amount: Number(amount) * back[state] || 0, currency } };
}

/** A page of what an order hands over; small pages, so that there are several. */
export function deliverables({ codes }: Order, cursor: string | null): Answer {
  const from = Number(cursor ?? 0);
  const to = from + 2;
  const data = codes.slice(from, to).map((secret) => ({ lineId: "1", codeId: "code_theirs", secret }));
  return { status: 200, body: { data, nextCursor: to < codes.length ? String(to) : null } };
}

export function created(order: Order): Answer {
  return { status: 201, body: shown(order) };
}

export function write(response: ServerResponse, answer: Answer | Problem): void {
  const { status, headers = {} } = answer;
  const problem = "code" in answer;
  const body = problem ? { type: "about:blank", title: answer.code, status, code: answer.code } : answer.body;
  const contentType = problem ? "application/problem+json" : "application/json";
  response.writeHead(status, { "content-type": contentType, ...headers }).end(JSON.stringify(body));
}

/** Nothing if the body is too large or breaks off. */
export async function read(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBodyBytes) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined; // the caller has gone
  }
  return Buffer.concat(chunks).toString("utf8");
}

export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server isn't listening on a port");
  return address.port;
}
