import { ok, type Result, refuse } from "../kernel/problem.ts";
import { isToStart, type Payment } from "./model.ts";
import { readPayment } from "./payments.ts";
import { type ProviderDeps, reachStarter } from "./providers.ts";
import { recordStart, type StartRecordDeps } from "./record.ts";

export type StartDeps = ProviderDeps & StartRecordDeps;

/**
 * Starts a payment that is written down, at its provider, and notes what came of it. A payment that was started before is returned as it
 * stands; so is one of which nobody knows whether it was started: the next call starts it again, which is safe. Refused: the provider
 * takes no such payment, and nothing was paid.
 */
export async function startPayment(deps: StartDeps, payment: Payment): Promise<Result<Payment>> {
  if (!isToStart(payment)) return startedOrRefused(payment);
  const starter = await reachStarter(deps, payment.provider);
  if (starter === undefined) throw new Error(`the payment provider ${payment.provider} vanished`);
  const outcome = await starter.start(payment);
  const recorded = await recordStart(deps, payment, outcome);
  return startedOrRefused(recorded ?? (await readPayment(deps, payment.id)) ?? payment);
}

const startedOrRefused = (payment: Payment): Result<Payment> =>
  payment.state === "failed"
    ? refuse("payment_refused", "The payment provider does not take this payment; nothing was charged.")
    : ok(payment);
