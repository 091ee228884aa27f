/** The supplier simulator's callbacks: Standard Webhooks, signed by the published library, repeated for a while. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Webhook } from "standardwebhooks";

export type Callback = { body: string; headers: Record<string, string> };
export type OrderNews = { id: string; reference: string; state: string };

/** Waits before each try. */
const triesMs = [0, 50, 200, 1000];
const answerTimeoutMs = 5000;

export function newWebhookSecret(): string {
  return `whsec_${randomBytes(24).toString("base64")}`;
}

/** A new event about an order; `sign` it for each try. */
export function orderUpdated({ id, reference, state }: OrderNews): { id: string; body: string } {
  return {
    id: `msg_${randomBytes(12).toString("hex")}`,
    body: JSON.stringify({ type: "order.updated", timestamp: new Date(), data: { id, reference, state } }),
  };
}

export function sign(event: { id: string; body: string }, secret: string, at = new Date()): Callback {
  return {
    body: event.body,
    headers: {
      "content-type": "application/json",
      "webhook-id": event.id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": new Webhook(secret).sign(event.id, at, event.body),
    },
  };
}

/** One try. The answer's status, or 0 if none came. */
export async function post(url: string, { body, headers }: Callback, stopped: AbortSignal): Promise<number> {
  try {
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(answerTimeoutMs)]);
    const response = await fetch(url, { method: "POST", body, headers, redirect: "manual", signal });
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
}

/** Repeats until the answer is 2xx or the tries are used up. Returns what was sent last. */
export async function postUntilTaken(url: string, make: () => Callback, stopped: AbortSignal): Promise<Callback> {
  let last = make();
  for (const ms of triesMs) {
    await sleep(ms, undefined, { ref: false, signal: stopped });
    last = make();
    const status = await post(url, last, stopped);
    if (status >= 200 && status < 300) break;
  }
  return last;
}
