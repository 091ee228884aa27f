import type { OperatorAnswer, OperatorCall, Send } from "./client.ts";
import type { OneCall } from "./command.ts";
import { WrongUsage } from "./wrong-usage.ts";

/** Makes a command's call, and those for its further pages; the answer is the last one's, with the results of all. */
export async function callAllPages(command: OneCall, first: OperatorCall, send: Send): Promise<OperatorAnswer> {
  const results: unknown[] = [];
  let call: OperatorCall | undefined = first;
  for (;;) {
    const isLater = call !== first;
    const answer: OperatorAnswer = isLater ? await reached(send, call) : await send(call);
    const body = answer.body as { results?: unknown[] } | null;
    if (command.next === undefined) return answer;
    if (!answer.ok) return isLater ? stoppedAfter(answer, { results }) : answer;
    // A decision about one order has no results.
    if (body?.results === undefined) return answer;
    results.push(...body.results);
    call = command.next(call, body);
    if (call === undefined) return { ...answer, body: { ...body, results } };
  }
}

/**
 * Makes a call, and again with the cursor of each answer, until there are no more pages or one is refused. Gives each answer, also the
 * refusal, with the query that it was asked by.
 */
export async function* answersOf(
  send: Send,
  call: OperatorCall,
): AsyncGenerator<{ answer: OperatorAnswer; query: Record<string, string> }> {
  let query = call.query ?? {};
  for (;;) {
    const answer = await reached(send, { ...call, query });
    yield { answer, query };
    if (!answer.ok) return;
    const { nextCursor } = answer.body as { nextCursor: string | null };
    if (nextCursor === null) return;
    query = { ...query, cursor: nextCursor };
  }
}

/**
 * Makes a call step after step. The answer says what the steps counted, all told; also if a step failed, and from where to go on.
 */
export async function sumOfSteps(send: Send, call: OperatorCall, counts: readonly string[]): Promise<OperatorAnswer> {
  const sums: Record<string, number> = Object.fromEntries(counts.map((name) => [name, 0]));
  for await (const { answer, query } of answersOf(send, call)) {
    if (!answer.ok) return stoppedAfter(answer, { ...sums, ...query });
    const counted = answer.body as Record<string, number>;
    for (const name of counts) sums[name] = (sums[name] ?? 0) + (counted[name] ?? 0);
  }
  return { ok: true, status: 200, body: { ...sums, nextCursor: null } };
}

/** What was done before a call failed must be printed, so that nobody can be reached is an answer too. */
export async function reached(send: Send, call: OperatorCall): Promise<OperatorAnswer> {
  return send(call).catch((error: unknown) => {
    if (error instanceof WrongUsage) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    return { ok: false, status: 503, body: { code: "not_reached", detail } };
  });
}

/** A failure after something was done: the problem, and what was done before it. */
export function stoppedAfter(failed: OperatorAnswer, done: object): OperatorAnswer {
  const problem = typeof failed.body === "object" ? failed.body : { detail: failed.body };
  return { ...failed, body: { ...problem, ...done }, parted: true };
}
