import type { Clock } from "../kernel/clock.ts";
import type { Money } from "../kernel/money.ts";
import { refund as refundToAccount } from "../ledger/accounts.ts";
import type { BookDeps } from "../ledger/books.ts";
import { debit } from "../ledger/debit.ts";
import { nameOf } from "../ledger/entries.ts";
import { readLanes } from "../ledger/lanes.ts";
import { pendingKey } from "../ledger/model.ts";
import { settle } from "../ledger/settle.ts";
import { readEntry } from "../ledger/statement.ts";
import type { Charge, PaymentMethod } from "./contract.ts";

/** The reasons for which a balance does not pay. `short`: there is too little. `other_amount`: another amount is set aside for it. */
export type NotPaid = "short" | "other_amount";

/**
 * Paying from a channel's own balance: the money is set aside under a nonce in the call that starts the payment, one conditional write.
 * The order names the nonce in the write that finishes the sale, and the ledger books it from there. It serves orders only.
 * @param costs what codes have cost us that come back into stock with a refund: it is booked in the refund's own entry
 */
export function balance(deps: BookDeps & { clock: Clock }, costs: readonly Money[] = []): PaymentMethod {
  return {
    inFlightSeconds: 0,

    async start(charge) {
      const paid = await debit(deps, charge.channelId, { ...orderOf(charge), total: charge.amount }, deps.clock());
      if (paid.ok) return { kind: "stands", nonce: paid.nonce, lane: paid.lane, mine: paid.mine };
      switch (paid.why) {
        case "busy":
          return { kind: "not_sent", reason: paid.why };
        case "short":
        case "other_amount":
          return { kind: "refused", reason: paid.why satisfies NotPaid };
      }
    },

    async query(charge) {
      const { id, epoch } = orderOf(charge);
      for (const { lane = 0, pending } of await readLanes(deps, accountOf(charge))) {
        const found = pending[pendingKey(id, epoch)];
        if (found?.amount === charge.amount.amount) return { kind: "stands", nonce: found.nonce, lane, mine: false };
      }
      return { kind: "never_heard" };
    },

    /** The caller knows that the order is over unpaid: whatever is set aside for it goes back. */
    async close(charge) {
      const { id: orderId, epoch } = orderOf(charge);
      const { channelId, amount } = charge;
      const unpaid = { channelId, ...amount, orderId, epoch, isOver: true };
      for (const lane of await readLanes(deps, accountOf(charge))) await settle(deps, lane, [unpaid]);
      return { kind: "closed" };
    },

    async refund(charge, refund) {
      const { amount, requestedAt: at, round } = refund;
      const to = { channel: amount, currency: charge.amount.currency };
      await refundToAccount(deps, charge.channelId, { ...orderOf(charge), round, at }, to, costs, deps.clock());
      return { kind: "refunded", providerRefundId: refund.id, at };
    },

    async queryRefund(charge, { requestedAt: at, round, id }) {
      const { id: orderId, epoch } = orderOf(charge);
      const name = nameOf({ kind: "refund", orderId, epoch, round });
      const entry = await readEntry(deps, charge.channelId, charge.amount.currency, at, name);
      return entry === undefined ? { kind: "never_heard" } : { kind: "refunded", providerRefundId: id, at };
    },

    // Nobody sends notifications of our own books.
    verify: () => ({ ok: false, reason: "forged" }),
    ack: () => ({ status: 404, body: "", contentType: "text/plain" }),
  };
}

function orderOf({ purpose, id }: Charge): { id: string; epoch: number } {
  if (purpose.kind !== "order") throw new Error(`${id} is no order, and a balance pays for orders`);
  return { id: purpose.orderId, epoch: purpose.epoch };
}

const accountOf = ({ channelId, amount: { currency } }: Charge) => ({ channelId, currency });
