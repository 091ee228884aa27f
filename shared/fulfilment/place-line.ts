import type { KMSClient } from "@aws-sdk/client-kms";
import type { Db } from "../aws/dynamo.ts";
import { supplierSources } from "../catalog/model.ts";
import { findVersion } from "../catalog/products.ts";
import { after, type Clock } from "../kernel/clock.ts";
import { Secret } from "../kernel/secret.ts";
import { type Line, type Order, RECIPIENT_CONTEXT, recipientBinding, withLine } from "../orders/model.ts";
import { plan } from "../orders/plan.ts";
import { moveOrder, readOrder } from "../orders/table.ts";
import { unseal, unwrap } from "../secrecy/envelope.ts";
import { reachSupplier, type Supplier, type SupplierDeps } from "../suppliers/settings.ts";
import { recordOutcome, settled } from "./outcome.ts";
import { stepAfter, type WorkflowStep } from "./step.ts";

export type PlaceLineDeps = Db<"orders"> & SupplierDeps & { kms: KMSClient; personalKey: string; clock: Clock };

/** The supplier could not be reached, and nothing has happened: the workflow tries again, with growing waits. */
export class SupplierUnavailable extends Error {
  override readonly name = "SupplierUnavailable";
}

/**
 * Buys one line from its supplier. That we are about to call is written down first, on condition that nobody else has
 * done so: whoever finds a line `placing` asks, and does not place.
 *
 * @throws SupplierUnavailable when the call certainly did nothing
 */
export async function placeLine(deps: PlaceLineDeps, orderId: string, lineId: string): Promise<WorkflowStep> {
  const order = await readOrder(deps, orderId);
  if (order === undefined) throw new Error(`there is no order ${orderId}`);
  const step = plan(order, deps.clock());
  const line = order.lines.find((one) => one.id === lineId);
  if (line === undefined || step.step !== "place" || step.lineId !== lineId) return stepAfter(order, deps.clock());

  const product = await findVersion(deps, line.productId, line.productVersion);
  const [source] = [line.source ?? [], product === undefined ? [] : supplierSources(product)].flat();
  if (source === undefined) throw new Error(`product ${line.productId} has no source`);
  const reached = await reachSupplier(deps, source.supplierId);
  if (reached === undefined) throw new Error(`there is no supplier ${source.supplierId}`);
  const { supplier, adapter } = reached;
  const account = await openRecipient(deps, order, line);

  const placing = withAttempt(order, line, supplier, deps.clock());
  const written = await moveOrder(deps, order, settled(order, withLine(order, placing), deps.clock()));
  if (!written.ok) return stepAfter(written.order, deps.clock());
  const reference = placing.attempt.reference;
  const outcome = await adapter.place({
    reference,
    supplierProductId: source.supplierProductId,
    quantity: line.quantity,
    ...(account === undefined ? {} : { recipientAccount: account }),
  });
  const heard = await recordOutcome(deps, written.order, { lineId, reference }, outcome, adapter);
  if (outcome.kind === "not_sent") throw new SupplierUnavailable(outcome.reason);
  return stepAfter(heard, deps.clock());
}

/** The attempt that is open goes on under its own reference; after a definite no, the next one begins. */
function withAttempt(
  order: Order,
  line: Line,
  supplier: Supplier,
  now: Date,
): Line & { attempt: NonNullable<Line["attempt"]> } {
  const number = (line.history?.length ?? 0) + 1;
  const { attempt } = line;
  const isUnderWay = attempt !== undefined && attempt.outcome !== "not_sent";
  return {
    ...line,
    state: "placing",
    attempt: {
      reference: attempt?.reference ?? `${order.id}-${order.epoch}-${line.id}-${number}`,
      supplierId: supplier.id,
      placedAt: now.toISOString(),
      placed: (attempt?.outcome === "not_sent" ? attempt.placed - 1 : (attempt?.placed ?? 0)) + 1,
      deadline: after(now, supplier.answerWithinSeconds),
      unknownUntil: isUnderWay ? attempt.unknownUntil : after(now, supplier.unknownSeconds),
      unknownSeconds: supplier.unknownSeconds,
      asked: attempt?.asked ?? 0,
    },
  };
}

async function openRecipient(deps: PlaceLineDeps, order: Order, line: Line): Promise<Secret | undefined> {
  if (line.recipient === undefined) return undefined;
  const wrapping = { kms: deps.kms, keyId: deps.personalKey, context: RECIPIENT_CONTEXT };
  const key = await unwrap(wrapping, line.recipient.dataKey);
  return new Secret(unseal(key, line.recipient.sealed, recipientBinding(order.id, line.id)));
}
