import { listChannels } from "../../../shared/channels/keys.ts";
import { careForUnfinished } from "../../../shared/fulfilment/care.ts";
import { beginWatch } from "../../../shared/fulfilment/watch.ts";
import { expireUnpaid } from "../../../shared/orders/expire-unpaid.ts";
import { settleChannel } from "../../../shared/orders/settle-orders.ts";
import { carePayments } from "../../../shared/payments/due.ts";
import { reviewBacklog } from "../../../shared/review/backlog.ts";
import { clock, dependenciesOfJobs, sqsClient } from "../../runtime/dependencies.ts";
import { failuresOf, forEachSubject } from "../../runtime/each.ts";
import { log } from "../../runtime/log.ts";
import { count, measure } from "../../runtime/metrics.ts";
import { scheduleFunction } from "../../runtime/schedule.ts";
import { workers } from "./workers.ts";

const { jobs } = workers.ordersSchedule;
const { env, deps: given } = dependenciesOfJobs(jobs);
const deps = {
  ...given,
  sqs: sqsClient(),
  watchQueueUrl: env.WATCH_QUEUE_URL,
  paymentQueueUrl: env.PAYMENT_QUEUE_URL,
};

/** The stream books within a second; what is older than this was missed, or is a debit that lost a race and crashed. */
const MISSED_AFTER_MS = 30_000;

export const handler = scheduleFunction(jobs, {
  /** Orders that nobody has looked after get a watch. Throws in the end if any could not be given one. */
  careForOrders: async () => {
    const failures = failuresOf("care-for-orders");
    const begun = await careForUnfinished(deps, failures.note);
    if (begun > 0) {
      count("OrderForgotten", begun);
      log("orders_forgotten", { orders: begun });
    }
    failures.end();
  },

  /** Payments that are due are looked at: their notifications were lost, their time is over, or money is on its way back. */
  carePayments: async () => {
    const { due, oldestSeconds } = await carePayments(deps);
    if (due > 0) log("payments_due", { payments: due });
    measure("OldestPaymentSeconds", oldestSeconds);
  },

  /**
   * Codes of orders that nobody paid in time go back on sale, and orders before a person are counted. Throws in the end if any order
   * could not be given up.
   */
  expireOrders: async () => {
    const failures = failuresOf("expire-orders");
    const expired = await expireUnpaid(deps, ({ id }, error) => failures.note(id, error));
    if (expired > 0) log("orders_expired", { orders: expired });
    // Only then: codes must come back also while this look fails.
    const { orders, oldestSeconds } = await reviewBacklog(deps);
    count("OrdersInReview", orders);
    measure("OldestReviewSeconds", oldestSeconds);
    failures.end();
  },

  /** The backstop behind the stream. An order that has long been open with its money pending gets a watch. */
  settleAccounts: async () => {
    const done = { accounts: 0, pendings: 0 };
    try {
      await forEachSubject(
        "settle-accounts",
        await listChannels(deps),
        ({ id }) => id,
        async ({ id }) => {
          const missed = new Date(clock().getTime() - MISSED_AFTER_MS);
          const settled = await settleChannel(deps, id, missed, (order) => beginWatch(deps, order.id, 0));
          done.accounts += settled.accounts;
          done.pendings += settled.pendings;
        },
      );
    } finally {
      log("accounts_settled", done);
    }
  },
});
