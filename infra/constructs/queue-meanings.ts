import { Duration } from "aws-cdk-lib";
import type { DeadLetterQueue } from "../../shared/dead-letters/catalogue.ts";
import { LONGEST_DELAY_SECONDS } from "../../shared/fulfilment/watch.ts";

/** Where each kind of dead letters comes from, and what was not done. */
export const meaningOfDeadLetters: Record<DeadLetterQueue, string> = {
  callbacks: "A supplier's callback could not be processed: its order waits until we ask by ourselves.",
  "archive-events": "Events of stock, products, suppliers or imports are not in the archive: a replay lacks them.",
  payments: "A payment's news could not be worked on: it is looked at again when it is due, and so is what goes back.",
  reconciliations:
    "A payment provider's day could not be compared with our books: the schedule has it looked at again.",
  imports: "A large import stands still: its codes are not on sale.",
  "send-webhooks": "An endpoint of webhooks was not served: what is due to it is sent by the next schedule.",
  "send-messages": "A buyer was not told of a turn of an order: the schedule, or the next event, looks again.",
  "find-orders": "A buyer who looked for an order was not written its link: the next search writes it.",
  "hear-webhooks": "Channels were not told of an order's news: they hear of it when the letter is replayed.",
  sync: "A supplier's catalogue was not read: prices and stock shown are older, until the next schedule.",
  watch: "An order is no longer watched: if it is stuck, nobody notices.",
  "start-fulfilment":
    "An order's news was set aside: it starts late, by the schedule that looks after unfinished orders.",
  "settle-money": "An order's news was given up: its money is taken but not booked until the next schedule.",
  "note-failed-run": "A failed run was not put before an operator: nobody knows of its order.",
};

export const minutes = (count: number): number => Duration.minutes(count).toSeconds();

/** What it means to people that messages of a queue wait, and after how many seconds somebody is told. */
export const queues = {
  callbacks: { late: "Suppliers' callbacks are late, and so are their orders.", after: minutes(10) },
  // AWS does not say whether the time that a message is delayed by counts for its age. A look is delayed by 15 minutes at most.
  watch: {
    late: "Watches of orders are late: nobody notices in time if an order is stuck.",
    after: LONGEST_DELAY_SECONDS + minutes(10),
  },
  sync: { late: "Suppliers' catalogues are read late: the prices and stock shown are older.", after: minutes(10) },
  "archive-events": {
    late: "Events come into the archive late: a replay of the last minutes lacks them.",
    after: minutes(10),
  },
  "hear-webhooks": { late: "Channels are told late of what happens to their orders.", after: minutes(10) },
  payments: {
    late: "Payments are looked at late: buyers have paid and wait, or wait for their money.",
    after: minutes(10),
  },
  "send-webhooks": {
    late: "Webhooks are sent late: channels don't know what happens to their orders.",
    after: minutes(10),
  },
  // One look may take five minutes, and two are taken at once.
  reconciliations: {
    late: "Payment providers' statements are compared late: nobody knows yet whether the money is all there.",
    after: minutes(120),
  },
  "send-messages": { late: "Buyers are told late of what happens to their orders.", after: minutes(10) },
  "find-orders": { late: "Buyers who look for an order wait for its link.", after: minutes(10) },
  imports: { late: "Large imports are late: their codes are not on sale yet.", after: minutes(10) },
} as const;
