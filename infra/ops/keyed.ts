import type { Send } from "./client.ts";

/**
 * Sends the calls of one run under one Idempotency-Key, and says it on standard error before the first of them goes out: so a run
 * whose answer was lost can be repeated with `--key`. Without one it is a new key, and another run is another move.
 */
export function keyedSender(send: Send, said: string | undefined): Send {
  const key = said ?? crypto.randomUUID();
  let posts = 0;
  return (call) => {
    if (call.method !== "POST") return send(call);
    posts += 1;
    if (posts === 1 && said === undefined) process.stderr.write(`Idempotency-Key: ${key}\n`);
    // A run that makes several calls makes the same ones, in the same order, when it is repeated.
    return send({ ...call, idempotencyKey: posts === 1 ? key : `${key} ${posts}` });
  };
}
