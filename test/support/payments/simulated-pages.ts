import type { DisputeSimulator } from "./dispute-simulator.ts";
import { banksActs, buyersActs, payPages, type Shown } from "./pay-pages.ts";

/** A payment of the simulated provider, as far as its buyer sees it. */
type Seen = Pick<Shown, "reference" | "amount" | "currency"> & {
  state: "pending" | "paid" | "closed";
  paid?: object;
  expiresAt?: string | undefined;
  refunds: ReadonlyMap<string, { state: string; amount: number }>;
};

/** The pages of the simulated provider. */
export const simulatedPages = ({
  payments,
  disputes,
  ...does
}: {
  payments: () => Seen[];
  disputes: DisputeSimulator;
  pay: (reference: string) => boolean;
  payLate: (reference: string) => boolean;
  dispute: (reference: string) => unknown;
}) =>
  payPages({
    provider: "The simulated provider",
    payments: () => payments().map((payment) => shown(payment, disputes.latestOf(payment.reference)?.state)),
    acts: {
      ...buyersActs(does),
      ...banksActs({
        dispute: does.dispute,
        decide: (reference, isForShop) =>
          disputes.decide(disputes.latestOf(reference)?.id ?? "", isForShop ? "won" : "lost"),
      }),
    },
  });

function shown({ reference, amount, currency, state, paid, expiresAt, refunds }: Seen, disputed?: string): Shown {
  const isLate = expiresAt !== undefined && expiresAt <= new Date().toISOString();
  return {
    reference,
    amount,
    currency,
    state: paid !== undefined ? "paid" : state === "pending" && !isLate ? "open" : "over",
    givenBack: [...refunds.values()].reduce((sum, one) => sum + (one.state === "refunded" ? one.amount : 0), 0),
    disputed: disputed === undefined ? undefined : { state: disputed, isOpen: !ENDS.has(disputed) },
  };
}

const ENDS = new Set(["won", "lost"]);
