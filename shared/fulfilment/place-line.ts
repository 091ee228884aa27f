import type { KMSClient } from "@aws-sdk/client-kms";
import type { Db } from "../aws/dynamo.ts";
import { after, type Clock } from "../kernel/clock.ts";
import { Fault } from "../kernel/fault.ts";
import { Secret } from "../kernel/secret.ts";
import {
  type Attempt,
  didNothing,
  type Line,
  type Order,
  RECIPIENT_CONTEXT,
  recipientBinding,
  withLine,
} from "../orders/model.ts";
import { plan } from "../orders/plan.ts";
import { moveOrder, readOrder } from "../orders/table.ts";
import { unseal, unwrap } from "../secrecy/envelope.ts";
import { type HealthChange, type Known, noteCall } from "../suppliers/health.ts";
import { adapterFor, type SupplierDeps } from "../suppliers/settings.ts";
import { hasWaitedLong, noSourceLeft, settled } from "./outcome.ts";
import { type RecordDeps, recordOutcome } from "./record-outcome.ts";
import { type NextSource, nextSource } from "./sources.ts";
import { stepAfter, type WorkflowStep } from "./step.ts";

export type PlaceLineDeps = Db<"orders" | "catalog"> &
  SupplierDeps &
  RecordDeps & {
    kms: KMSClient;
    personalKey: string;
    clock: Clock;
    /** A supplier fell sick or recovered. Must not throw, because that may cost no order. */
    onHealth?: (change: HealthChange) => Promise<void>;
  };

/**
 * Buys what is open of an order: chooses a source, writes down that it is about to be called, on condition that nobody
 * else has, and calls it. A process that finds a line `placing` asks the supplier and does not place. Returns the
 * order's next step, which may be to place again: one invocation has time for one call to a supplier.
 */
export async function placeLine(deps: PlaceLineDeps, orderId: string): Promise<WorkflowStep> {
  let order = await readOrder(deps, orderId);
  if (order === undefined) throw new Fault("order_missing", `there is no order ${orderId}`);
  let hasCalled = false;
  for (;;) {
    const step = plan(order, deps.clock());
    if (step.step !== "place") return stepAfter(order, deps.clock());
    const line = lineOf(order, step.lineId);
    const next = await nextSource(deps, order, line);
    if (next.kind === "source" && hasCalled) return step;
    order = next.kind === "source" ? await place(deps, order, line, next) : await putOff(deps, order, line, next);
    hasCalled ||= next.kind === "source";
  }
}

function lineOf(order: Order, lineId: string): Line {
  const line = order.lines.find(({ id }) => id === lineId);
  if (line === undefined) throw new Fault("line_missing", `order ${order.id} has no line ${lineId}`);
  return line;
}

type Source = Extract<NextSource, { kind: "source" }>;

async function place(deps: PlaceLineDeps, order: Order, line: Line, source: Source): Promise<Order> {
  const { known, supplierProductId } = source;
  const [adapter, account] = await Promise.all([adapterFor(deps, known.supplier), openRecipient(deps, order, line)]);
  const placing = withAttempt(order, line, source, deps.clock());
  const written = await moveOrder(deps, order, settled(order, withLine(order, placing), deps.clock()));
  if (!written.ok) return written.order;
  const { reference } = placing.attempt;
  const outcome = await adapter.place({
    reference,
    supplierProductId,
    quantity: line.quantity,
    ...(account === undefined ? {} : { recipientAccount: account }),
  });
  // Before the outcome is written down. A crash in between only costs a question; the breaker knows of the call.
  await noteHealth(deps, known, outcome);
  return recordOutcome(deps, written.order, { lineId: line.id, reference }, outcome, adapter);
}

async function noteHealth(deps: PlaceLineDeps, known: Known, outcome: Parameters<typeof noteCall>[2]): Promise<void> {
  const change = await noteCall(deps, known, outcome, deps.clock());
  if (change !== undefined) await deps.onHealth?.(change);
}

/**
 * Makes a line wait because no source can be called now. It waits no more than an hour if nobody knows how long that
 * will be. If that is known, the hour begins when the wait is over.
 */
async function putOff(
  deps: PlaceLineDeps,
  order: Order,
  line: Line,
  next: Exclude<NextSource, { kind: "source" }>,
): Promise<Order> {
  const now = deps.clock();
  const waiting: Line = next.kind === "none" ? noSourceLeft(line) : waitingFor(line, next, now);
  return (await moveOrder(deps, order, settled(order, withLine(order, waiting), now))).order;
}

function waitingFor(line: Line, { until, patiently }: Extract<NextSource, { kind: "later" }>, now: Date): Line {
  const waits = { since: patiently ? until : (line.waits?.since ?? now.toISOString()), until };
  return hasWaitedLong(waits, now) ? noSourceLeft(line) : { ...line, waits };
}

/**
 * Gives the line its attempt. An attempt that may have reached this supplier, or was never sent, goes on under its
 * reference; with another supplier, or after a definite no, the next attempt begins.
 */
function withAttempt(
  order: Order,
  line: Line,
  { known: { supplier }, supplierProductId, ...expected }: Source,
  now: Date,
): Line & { attempt: Attempt } {
  const { attempt: last, history: before = [], forgiven = 0 } = line;
  const goesOn = last !== undefined && isSameSource(last, supplier.id, supplierProductId);
  const history = last === undefined || goesOn ? before : [...before, last];
  const attempt = goesOn ? last : undefined;
  const isUnderWay = attempt !== undefined && !didNothing(attempt);
  const placedBefore = attempt?.placed ?? 0;
  const { cost, rate } = expected.cost === undefined ? { ...attempt } : expected;
  // Sources that in turn do nothing are each called less and less often.
  const notSent = (
    attempt ?? history.slice(forgiven).findLast((one) => isSameSource(one, supplier.id, supplierProductId))
  )?.notSent;
  return {
    ...line,
    state: "placing",
    ...(history.length > 0 ? { history } : {}),
    attempt: {
      reference: attempt?.reference ?? `${order.id}-${order.epoch}-${line.id}-${history.length + 1}`,
      supplierId: supplier.id,
      supplierProductId,
      ...(cost === undefined ? {} : { cost }),
      ...(rate === undefined ? {} : { rate: { to: rate.to, rate: rate.rate, at: rate.at } }),
      placedAt: now.toISOString(),
      placed: (isUnderWay ? placedBefore : Math.max(placedBefore - 1, 0)) + 1,
      deadline: after(now, supplier.answerWithinSeconds),
      unknownUntil: isUnderWay ? attempt.unknownUntil : after(now, supplier.unknownSeconds),
      unknownSeconds: supplier.unknownSeconds,
      asked: attempt?.asked ?? 0,
      ...(notSent === undefined ? {} : { notSent }),
    },
  };
}

const isSameSource = (one: Attempt, supplierId: string, supplierProductId: string): boolean =>
  one.supplierId === supplierId && one.supplierProductId === supplierProductId;

async function openRecipient(deps: PlaceLineDeps, order: Order, line: Line): Promise<Secret | undefined> {
  if (line.recipient === undefined) return undefined;
  const wrapping = { kms: deps.kms, keyId: deps.personalKey, context: RECIPIENT_CONTEXT };
  const key = await unwrap(wrapping, line.recipient.dataKey);
  return new Secret(unseal(key, line.recipient.sealed, recipientBinding(order.id, line)));
}
