import { operations } from "../../functions/operator/operations.ts";
import type { OperatorAnswer, Send } from "./client.ts";
import type { Command, Given } from "./command.ts";
import { describedCommand } from "./described.ts";
import { reached, stoppedAfter } from "./paged.ts";

const { call, ...listed } = describedCommand(operations.listOrdersOf, operations.listOrdersOf.command);

type Page = { data: unknown[]; nextCursor: string | null };

/** A page of a channel's orders; or all orders of a reference, whichever channel has them. */
async function list(given: Given, send: Send): Promise<OperatorAnswer> {
  const first = await call(given);
  if (given.options["channel"] !== undefined) return send(first);
  const data: unknown[] = [];
  for (let next = given.options["cursor"]; ; ) {
    const query = { ...first.query, limit: LARGEST, ...(next === undefined ? {} : { cursor: next }) };
    const answer = await reached(send, { ...first, query });
    if (!answer.ok) return data.length === 0 ? answer : stoppedAfter(answer, { data });
    const page = answer.body as Page;
    data.push(...page.data);
    if (page.nextCursor === null) return { ...answer, body: { data, nextCursor: null } };
    next = page.nextCursor;
  }
}

/** Fewer calls read more orders each. */
const LARGEST = "100";

/** How an operator finds an order again. */
export const orderCommands: Record<string, Command> = { "orders list": { ...listed, run: list } };
