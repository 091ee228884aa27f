import { type Db, putNew } from "../aws/dynamo.ts";
import { after, type Clock } from "../kernel/clock.ts";
import { correlation } from "../kernel/correlation.ts";
import { idOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { repeatOf } from "../kernel/repeat.ts";
import { askedFor, type RecognitionDeps } from "../secrecy/recognition.ts";
import { chosenBy } from "./asked.ts";
import { type DepositPayment, depositPaymentId, isDeposit, type NewDeposit } from "./deposit-model.ts";
import { findDeposit } from "./find-deposits.ts";
import { described, newPayment } from "./new-payment.ts";
import type { ProviderDeps } from "./providers.ts";
import { type StartDeps, startPayment } from "./start.ts";
import { paymentItem, payments } from "./table.ts";

export type DepositDeps = ProviderDeps & StartDeps & Db<"orders" | "identity"> & RecognitionDeps & { clock: Clock };

/** One key of a channel is one deposit. */
const depositIdFor = (channelId: string, idempotencyKey: string): string => idOf("dep", channelId, idempotencyKey);

/**
 * Begins a deposit at a payment provider, or finds the one that this key has begun. What is paid comes to the channel's balance once, also
 * if that is late. A refusal is not remembered: the same key may then say something else.
 */
export async function beginDeposit(
  deps: DepositDeps,
  channelId: string,
  idempotencyKey: string,
  request: NewDeposit,
): Promise<Result<DepositPayment>> {
  const depositId = depositIdFor(channelId, idempotencyKey);
  const asked = askedFor(await deps.recognise(), depositId, request, undefined);
  const earlier = await findDeposit(deps, depositId);
  const stands = earlier === undefined || earlier.state === "failed" ? undefined : earlier;
  if (stands !== undefined) return startAsked(deps, stands, asked.isOf);
  const attempt = (earlier?.attempt ?? 0) + 1;
  if (attempt > LIMITS.paymentsPerOrder)
    return refuse("limit_reached", `At most ${LIMITS.paymentsPerOrder} payments are begun for one deposit.`);
  const chosen = await chosenBy(deps, channelId, request.payment, "/payment");
  if (!chosen.ok) return chosen;
  const { provider, flow } = chosen.value;
  const now = deps.clock();
  const { amount, reference } = request;
  const own = reference === undefined ? {} : { reference };
  const said = {
    id: depositPaymentId(depositId, attempt),
    purpose: { kind: "deposit", depositId, requestHash: asked.requestHash, ...own } as const,
    channelId,
    provider,
    attempt,
    amount,
    flow,
    ...(reference === undefined ? {} : { description: described(reference) }),
    expiresAt: after(now, LIMITS.depositSeconds),
    ...correlation(),
  };
  const payment: DepositPayment = newPayment(said, chosen.value, now);
  const written = await putNew(deps.db, deps.tables.orders, paymentItem(payment));
  const made = written.ok ? payment : payments.find(written.old);
  if (made === undefined || !isDeposit(made)) throw new Error(`${payment.id} vanished`);
  return startAsked(deps, made, asked.isOf);
}

/** Has a deposit that was asked for in the same words begun at its provider, if it isn't yet. */
async function startAsked(
  deps: DepositDeps,
  payment: DepositPayment,
  isAsked: (hash: string) => boolean,
): Promise<Result<DepositPayment>> {
  const same = repeatOf(payment, isAsked(payment.purpose.requestHash), "another deposit");
  if (!same.ok) return same;
  const started = await startPayment(deps, payment);
  return started.ok ? ok(started.value as DepositPayment) : started;
}
