import type * as z from "zod";
import { differences, factsOf } from "../../../shared/audit/differences.ts";
import { findChannel } from "../../../shared/channels/keys.ts";
import { pick } from "../../../shared/kernel/pick.ts";
import { ok, type Result, refuse } from "../../../shared/kernel/problem.ts";
import { paymentsOfOrder } from "../../../shared/orders/checkout-payments.ts";
import { retryRefund, settleRefund } from "../../../shared/orders/see-to-refund.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import type { DepositPayment } from "../../../shared/payments/deposit-model.ts";
import { depositStateOf } from "../../../shared/payments/deposit-states.ts";
import { waitingPayments } from "../../../shared/payments/due.ts";
import { findDeposit, listDeposits, searchDeposits } from "../../../shared/payments/find-deposits.ts";
import type { Payment, Purpose } from "../../../shared/payments/model.ts";
import { readPayment } from "../../../shared/payments/payments.ts";
import { askToFollow } from "../../../shared/payments/queue.ts";
import { listProviders, planProvider, writeProvider } from "../../../shared/payments/set-provider.ts";
import { providersBy } from "../../providers.ts";
import { dependenciesOf, sqsClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts } from "../../runtime/record.ts";
import { forOperators } from "../../runtime/shells.ts";
import { functions } from "./operations.ts";
import type { Deposit as ShownDeposit, Payment as ShownPayment } from "./shown.ts";

const { env, deps: given } = dependenciesOf(functions.operatorPayments);
const deps = {
  ...given,
  ...providersBy(env),
  sqs: sqsClient(),
  paymentQueueUrl: env.PAYMENT_QUEUE_URL,
};

/** What a payment is for, in one word. */
function purposeOf(purpose: Purpose): string {
  switch (purpose.kind) {
    case "order":
      return `order:${purpose.orderId}@${purpose.epoch}`;
    case "deposit":
      return `deposit:${purpose.depositId}`;
    case "renewal":
      return `renewal:${purpose.subscriptionId}#${purpose.period}`;
  }
}

/** Where it is paid, and what is known of its payer, is for the buyer and the provider alone. */
const SHOWN = [
  "id",
  "channelId",
  "provider",
  "attempt",
  "amount",
  "description",
  "state",
  "createdAt",
  "expiresAt",
  "fee",
  "providerPaymentId",
  "reason",
  "received",
  "counted",
  "returned",
  "disputes",
  "asked",
  "dueAt",
  "correlationId",
] as const satisfies (keyof Payment)[];

function shown(payment: Payment): z.infer<typeof ShownPayment> {
  const refunds = Object.values(payment.refunds).map(({ asked: _asked, round: _round, ...refund }) => refund);
  return { ...pick(payment, SHOWN), purpose: purposeOf(payment.purpose), refunds };
}

function shownDeposit(payment: DepositPayment): z.infer<typeof ShownDeposit> {
  const { purpose, channelId, amount, createdAt } = payment;
  const { depositId: id, reference } = purpose;
  const own = reference === undefined ? {} : { reference };
  return { id, channelId, state: depositStateOf(payment), amount, createdAt, ...own, payment: shown(payment) };
}

const noSuchPayment = () => refuse("not_found", "There is no such payment.");

/** What a person does about a refund is on record where they look for it: with its order, if there is one. */
async function seenTo(
  { paymentId, refundId }: { paymentId: string; refundId: string },
  { reason }: { reason: string },
  act: (to: typeof deps, paymentId: string, refundId: string) => Promise<Result<Payment>>,
) {
  const payment = await readPayment(deps, paymentId);
  const refund = payment?.refunds[refundId];
  if (payment === undefined || refund === undefined) return refuse("not_found", "There is no such refund.");
  const { purpose } = payment;
  const names = { subject: purpose.kind === "order" ? purpose.orderId : paymentId };
  const what = { reason, paymentId, refundId, amount: refund.amount, state: refund.state };
  return acts({ what, names }, async () => {
    const done = await act(deps, paymentId, refundId);
    return done.ok ? ok({ body: shown(done.value) }) : done;
  });
}

export const handler = httpFunction("operator-payments", functions.operatorPayments, forOperators(deps), {
  setPaymentProvider: async ({ body }) => {
    const planned = await planProvider(deps, body);
    if (!planned.ok) return planned;
    const { before, after, credentials } = planned.value;
    const changes = differences(before ?? {}, after);
    // That they are others is on record; what they are is nowhere.
    if (credentials !== undefined) changes.push({ field: "credentials", after: "replaced" });
    return acts(factsOf(changes), async () => {
      const set = await writeProvider(deps, planned.value);
      return set.ok ? ok({ body: { ...set.value, changes } }) : set;
    });
  },

  listPaymentProviders: async ({ query: { limit }, after }) => {
    const { providers, next } = await listProviders(deps, limit, after);
    return ok({ body: { data: providers }, next });
  },

  listPayments: async ({ query: { orderId, limit } }) => {
    if (orderId === undefined) return ok({ body: { data: (await waitingPayments(deps, limit)).map(shown) } });
    const order = await readOrder(deps, orderId);
    if (order === undefined) return refuse("not_found", "There is no such order.");
    return ok({ body: { data: (await paymentsOfOrder(deps, order)).slice(0, limit).map(shown) } });
  },

  getPayment: async ({ params: { paymentId } }) => {
    const payment = await readPayment(deps, paymentId);
    return payment === undefined ? noSuchPayment() : ok({ body: shown(payment) });
  },

  requestPaymentLook: async ({ params: { paymentId } }) => {
    const payment = await readPayment(deps, paymentId);
    if (payment === undefined) return noSuchPayment();
    return acts({ what: { state: payment.state } }, async () => {
      await askToFollow(deps, { paymentId, isChanged: true });
      return ok({ body: { paymentId } });
    });
  },

  listDepositsOf: async ({ query: { channel: channelId, limit, state, since, until }, after }) => {
    const filter = { state, since, until };
    if (channelId !== undefined && (await findChannel(deps, channelId)) === undefined)
      return refuse("invalid_request", "There is no such channel.", [
        { pointer: "/query/channel", message: "is not a channel" },
      ]);
    const { deposits, next } =
      channelId === undefined
        ? await searchDeposits(deps, filter, limit, after)
        : await listDeposits(deps, channelId, filter, limit, after);
    return ok({ body: { data: deposits.map(shownDeposit) }, next });
  },

  inspectDeposit: async ({ params: { depositId } }) => {
    const deposit = await findDeposit(deps, depositId);
    return deposit === undefined
      ? refuse("not_found", "There is no such deposit.")
      : ok({ body: shownDeposit(deposit) });
  },

  settleRefund: ({ params, body }) => seenTo(params, body, settleRefund),
  retryRefund: ({ params, body }) => seenTo(params, body, retryRefund),
});
