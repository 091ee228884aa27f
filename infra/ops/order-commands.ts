import { operations } from "../../functions/operator/operations.ts";
import type { OperatorAnswer, Send } from "./client.ts";
import type { Command, Given } from "./command.ts";
import { describedCommand } from "./described.ts";
import { answersOf, stoppedAfter } from "./paged.ts";

const { call, ...listed } = describedCommand(operations.listOrdersOf, operations.listOrdersOf.command);

/** A page of a channel's orders; or all orders of a reference, whichever channel has them. */
async function list(given: Given, send: Send): Promise<OperatorAnswer> {
  const first = await call(given);
  if (given.options["channel"] !== undefined) return send(first);
  const data: unknown[] = [];
  for await (const { answer } of answersOf(send, { ...first, query: { ...first.query, limit: LARGEST } })) {
    if (!answer.ok) return data.length === 0 ? answer : stoppedAfter(answer, { data });
    data.push(...(answer.body as { data: unknown[] }).data);
  }
  return { ok: true, status: 200, body: { data, nextCursor: null } };
}

/** Fewer calls read more orders each. */
const LARGEST = "100";

/** How an operator finds an order again. */
export const orderCommands: Record<string, Command> = { "orders list": { ...listed, run: list } };
