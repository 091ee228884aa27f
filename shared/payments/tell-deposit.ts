import type { Db } from "../aws/dynamo.ts";
import { type EventDeps, emit } from "../events/emit.ts";
import type { Clock } from "../kernel/clock.ts";
import { depositPaymentId } from "./deposit-model.ts";
import { untoldEnd } from "./deposit-states.ts";
import type { DepositEvent } from "./events.ts";
import type { Payment } from "./model.ts";
import { movePayment, readPayment } from "./payments.ts";

/**
 * Tells on the bus that a deposit has come to an end, then notes that it was told. Until that is noted the payment stands among those that
 * are due, so the next look tells it again. Of another payment, and when nothing is to be told, it does nothing.
 */
export async function tellDeposit(deps: Db<"orders"> & EventDeps & { clock: Clock }, payment: Payment): Promise<void> {
  const { id: paymentId, channelId, purpose } = payment;
  const end = untoldEnd(payment);
  if (end === undefined || purpose.kind !== "deposit") return;
  const { depositId } = purpose;
  const event: DepositEvent = {
    type: `deposit.${end}`,
    occasion: `${paymentId} ${end}`,
    at: deps.clock().toISOString(),
    facts: { depositId, channelId, paymentId },
  };
  if (!(await isTriedAgain(deps, depositId, payment))) await emit(deps, { subject: depositId, events: [event] });
  await movePayment(deps, payment, { told: end });
}

/** A deposit that was refused and begun again under its key isn't over: its next payment will say what became of it. */
const isTriedAgain = async (deps: Db<"orders">, depositId: string, { state, attempt }: Payment): Promise<boolean> =>
  state === "failed" && (await readPayment(deps, depositPaymentId(depositId, attempt + 1))) !== undefined;
