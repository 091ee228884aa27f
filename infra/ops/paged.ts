import type { OperatorAnswer, OperatorCall } from "./client.ts";
import type { OneCall } from "./command.ts";

type Send = (call: OperatorCall) => Promise<OperatorAnswer>;

/** Makes a command's call, and those for its further pages; the answer is the last one's, with the results of all. */
export async function callAllPages(command: OneCall, first: OperatorCall, send: Send): Promise<OperatorAnswer> {
  const results: unknown[] = [];
  let call: OperatorCall | undefined = first;
  for (;;) {
    const answer: OperatorAnswer = await send(call);
    const body = answer.body as { results?: unknown[] } | null;
    if (command.next === undefined || !answer.ok) return answer;
    results.push(...(body?.results ?? []));
    call = command.next(call, body);
    if (call === undefined) return { ...answer, body: { ...body, results } };
  }
}
