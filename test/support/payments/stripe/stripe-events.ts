/** The Stripe simulator's notices: events signed as Stripe signs them, with `Stripe-Signature`. */
import { createHmac, randomBytes } from "node:crypto";
import type { Callback } from "../../suppliers/supplier-callbacks.ts";
import { objectOf } from "./spec.ts";

export const newEvent = (type: string, object: unknown, more: Record<string, unknown> = {}): Record<string, unknown> =>
  objectOf("event", {
    id: `evt_${randomBytes(12).toString("hex")}`,
    object: "event",
    api_version: "2026-08-26.dahlia",
    created: Math.floor(Date.now() / 1000),
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    type,
    ...more,
  });

/** Signs a body by each secret, as an endpoint's notices are while its secret is rolled. */
export function signEvent(body: string, secrets: readonly string[], at = new Date()): Callback {
  const t = Math.floor(at.getTime() / 1000);
  const signatures = secrets.map((secret) => `v1=${createHmac("sha256", secret).update(`${t}.${body}`).digest("hex")}`);
  return {
    body,
    headers: {
      "content-type": "application/json; charset=utf-8",
      // v0 is what Stripe sends beside, for test events. It must not be believed.
      "stripe-signature": [
        `t=${t}`,
        ...signatures,
        "v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39",
      ].join(","),
    },
  };
}
