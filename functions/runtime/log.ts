import { Logger } from "@aws-lambda-powertools/logger";
import { DamagedItem } from "../../shared/aws/stored.ts";
import { correlation } from "../../shared/kernel/correlation.ts";

let logger: Logger | undefined;

/**
 * All that we ever log: events by name, with ids. A value that is not in an event's list has no way into a log line, which
 * is how codes, recipients and keys stay out.
 */
type Events = {
  request_refused: { operation: string; requestId: string; code: string; status: number };
  request_failed: { operation: string; requestId: string; error: string };
  message_failed: { consumer: string; messageId: string; error: string };
  failure_not_noted: { queue: string; id: string; error: string };
  miss_not_counted: { error: string };
  key_use_not_noted: { keyId: string; error: string };
  callback_refused: { supplierId: string; reason: string };
  notification_refused: { provider: string; reason: string };
  notification_left: { paymentId: string; error: string };
  payment_followed: { paymentId: string; state: string };
  dispute_followed: { disputeId: string; paymentId: string; state: string };
  disputes_due: { disputes: number };
  cases_due: { cases: number };
  contacts_erased: { orders: number };
  disputes_found: { disputes: number };
  payments_due: { payments: number };
  day_reconciled: {
    provider: string;
    day: string;
    state: string;
    lines: number;
    matched: number;
    reason: string | undefined;
  };
  days_closed: { closed: number; late: number };
  days_to_reconcile: { asked: number; different: number; late: number };
  callback_processed: { supplierId: string; eventId: string; result: string };
  task_failed: { task: string; error: string };
  supplier_health: { supplierId: string; change: "fell_sick" | "recovered" };
  charge_differs: { supplierId: string; reference: string; how: "more" | "other_currency" };
  price_followed: { productId: string; version: number };
  supplier_synced: { supplierId: string; items: number; changed: number; leftOut: number };
  sync_failed: { supplierId: string; reason: string };
  product_unlisted: { productId: string };
  orders_expired: { orders: number };
  orders_forgotten: { orders: number };
  record_set_aside: { queue: string; orderId: string; error: string };
  order_overdue: { orderId: string; promised: number };
  run_failed: { orderId: string; execution: string; status: string };
  events_passed: { consumer: string; subject: string; first: number; events: number };
  event_sent_alone: { consumer: string; subject: string; error: string };
  event_not_told: { function: string; subject: string };
  webhook_disabled: { channelId: string; endpointId: string; reason: string };
  message_worked_on: { orderId: string; messageId: string; template: string; state: string; reason: string };
  order_found: { orderId: string };
  messages_missing: { orders: number };
  job_rests: { job: string };
  maintenance_failed: { job: string; subject: string; error: string };
  review_undecided: { orderId: string; result: string };
  uploads_swept: { seen: number; deleted: number };
  sweep_done: { products: number; orphans: number; published: number; buried: number };
  accounts_settled: { accounts: number; pendings: number };
};

/** Logs an event, with the id of the request that it comes from. The logger is made for the first: it would slow every cold start. */
export function log<E extends keyof Events>(event: E, facts: Events[E], error?: unknown): void {
  logger ??= new Logger({ serviceName: "vouchsafe" });
  if (error === undefined) logger.info(event, { ...facts, ...correlation() });
  else logger.error(event, { ...facts, ...correlation(), ...whereOf(error) });
}

/** An error's name and stack frames, without its message: messages quote values. */
function whereOf(error: unknown): { name: string; stack?: string; denied?: string; damaged?: string } {
  if (!(error instanceof Error)) return { name: typeof error };
  // Of a missing permission the action is worth knowing, and no secret.
  const denied = /AccessDenied/.test(error.name) ? /perform: ([a-z0-9-]+:\w+)/.exec(error.message)?.[1] : undefined;
  const damaged = error instanceof DamagedItem ? error.message : undefined;
  const frames = (error.stack ?? "").split("\n").filter((line) => line.trimStart().startsWith("at "));
  return {
    name: error.name,
    stack: frames.slice(0, 8).join("\n"),
    ...(denied === undefined ? {} : { denied }),
    ...(damaged === undefined ? {} : { damaged }),
  };
}

/** What an error is called; safe to log and to show to operators. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
