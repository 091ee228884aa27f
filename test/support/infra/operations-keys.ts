import type { Part } from "../../../functions/runtime/needs.ts";

/** The keys that the policies must name for each part. */
export const patterns = {
  suppliers: ["supplier#*"],
  offers: ["offers#*", "offer-changes#*"],
  rates: ["rates"],
  settings: ["settings"],
  restocks: ["restocks", "purchase#*"],
  callbacks: ["callback#*"],
  providers: ["provider#*"],
  notifications: ["notification#*"],
  disputes: ["dispute#*"],
  erasures: ["erasure#*"],
  cases: ["case#*", "case-count#*"],
  reconciliations: ["reconciliation#*"],
  failures: ["failure#*"],
  cursors: ["cursor#*"],
  imports: ["import#*"],
  requestNotes: ["request#*"],
  webhooks: ["webhooks#*"],
  webhookDeliveries: ["webhook-queue#*", "webhook-delivery#*"],
  senders: ["sender#*", "channel-messages#*"],
  messages: ["messages#*", "message-limit#*", "message-sweep", "suppressed#*"],
  linkUse: ["link-guesses#*", "link-looks#*", "searches#*"],
  onceLinks: ["once-link#*", "once-links#*"],
  oneTimeCodes: ["code-asked#*"],
  keyUse: ["key-use#*"],
} as const satisfies Record<Part, readonly string[]>;
