import type { ByCheckout } from "../../../../shared/payments/by-checkout.ts";
import type { setProvider } from "../../../../shared/payments/set-provider.ts";

/** A notification on its way: the raw body, and headers with names in lower case. */
export type Delivery = { body: string; headers: Record<string, string> };

/** A notification that is not what it claims to be, and why. */
export type Forgery = { what: string; delivery: Delivery };

/** Money that a provider has given back, or is about to: under our name for it. */
export type GivenBack = { id: string; amount: number; isDone: boolean };

/**
 * One payment provider as a test sees it, whichever it is: how orders are paid there, what its buyers do, what it tells, and what its own
 * books say. It tells nobody by itself; the test brings its news when it wants.
 */
export type Cashier = {
  provider: "simulated" | "stripe" | "alipay" | "wechat";
  /** How `setProvider` is told of it, at an address that leads to it. */
  settings: (baseUrl?: string) => Parameters<typeof setProvider>[1];
  url: string;
  /** How an order says that it is paid here: each flow once. */
  ways: readonly [ByCheckout, ...ByCheckout[]];
  /** The buyer comes to where it is paid: some providers hear of a payment only then. */
  open: (payment: { id: string; amount: { amount: number } }) => void;
  /** The buyer does what it takes and pays, perhaps another amount. False: it can't be paid (any more). */
  pay: (payment: { id: string; amount: { amount: number } }, amount?: number) => boolean;
  /** Buyers may be charged another amount than was asked for. */
  takesOtherAmounts: boolean;
  /** The buyer pays although it was closed: clocks differ, or the word is late. False: the provider never heard of it, or it is paid. */
  payAllTheSame: (payment: { id: string; amount: { amount: number } }) => boolean;
  paidOf: (paymentId: string) => number;
  /** What it has for us: what was paid, less what went back and what disputes hold. */
  holdsOf: (paymentId: string) => number;
  refundsOf: (paymentId: string) => GivenBack[];
  knows: (paymentId: string) => boolean;
  /** What it may tell of a payment, signed now: that it was paid, and news that is older, or says less. Each is another event. */
  news: (paymentId: string) => Delivery[];
  /** The event of a delivery, by the provider's own name. */
  eventIn: (delivery: Delivery) => string;
  /** Its news of a payment, forged in each way that its protocol knows. `other`: another payment that it knows. */
  forgeries: (paymentId: string, other: string) => Forgery[];
  /** True news that is about nothing of ours: acknowledged, and nothing else is done. */
  unrelated: (paymentId: string) => Delivery[];
  /** What has it send a notification no more. */
  acknowledged: { statusCode: number; body: string };
  stop: () => Promise<void>;
};

/** A body that lost its end. */
export const truncated = (body: string): string => body.slice(0, Math.floor(body.length / 2));
