/**
 * What every way to pay looks like to us. An adapter turns one method into these few words; nothing else of it gets past the adapter.
 * Amounts are whole minor units, times RFC 3339 in UTC. Reasons are stable snake_case codes of ours, never a provider's own text: that
 * may name people and accounts, and it ends up in payments and logs.
 */
import type * as z from "zod";
import type { Money } from "../kernel/money.ts";
import type { Secret } from "../kernel/secret.ts";
import type { DisputeDesk } from "./dispute-contract.ts";
import type { Purpose } from "./model.ts";
import type { StatementDesk } from "./statement-contract.ts";

/** One attempt to have one payer pay one thing. */
export type Charge = {
  /**
   * Our name for the attempt, which the method knows it by: same id, same charge, paid at most once. A provider gets at most 32
   * characters of `[A-Za-z0-9_]`.
   */
  id: string;
  purpose: Purpose;
  channelId: string;
  amount: Money;
  /** When it was written down, before anybody was told. */
  createdAt: string;
  /** Until when it may be paid. Absent: it is paid at once or not at all. */
  expiresAt?: string;
  /** How the payer is asked. Absent: the provider's first flow. */
  flow?: Flow;
  /** What the payer reads about the goods, in at most `LIMITS.paymentDescription` characters. */
  description?: string;
  /** The provider's own name for it, once it has said so. */
  providerPaymentId?: string;
} & Payer;

/** What a provider must know of the payer, and only until it has said where to pay: it is personal data. */
export type Payer = {
  /** The payer, as the provider knows them in the merchant's app. */
  openId?: string;
  /** The address from which the payer called. */
  payerIp?: string;
  /** Where the payer's browser goes afterwards. That it comes back says nothing about money. */
  returnUrl?: string;
};

/**
 * How a payer is asked to pay. `page`: a page for computers · `wap`: a page for phones · `qr`: a text that the payer scans · `native`:
 * the same at WeChat Pay · `jsapi`: parameters for a page inside WeChat · `checkout`: a page of Stripe.
 */
export const FLOWS = ["page", "wap", "qr", "native", "jsapi", "checkout"] as const;
export type Flow = (typeof FLOWS)[number];

/** Where the payer pays. An address lets anybody pay who has it, and nobody take anything. `parameters`: for the provider's client. */
export type Checkout = { url: string } | { qr: string } | { parameters: Readonly<Record<string, string>> };

/** What stands for the payment in `fundedBy`; `lane`: where a channel's own money lies; `mine`: this very call set it aside. */
type Standing = { nonce: string; lane: number; mine: boolean };

/** What somebody has really paid, as the provider says when it is asked. */
export type Received = { providerPaymentId: string; amount: number; currency: string; at: string };

/** A definite no: nothing was taken under this id, and nothing will be. */
type Refused = { kind: "refused"; reason: string };
/** It may have worked. Make the same call again, or ask; never take it for a no. */
type Unknown = { kind: "unknown"; reason: string };
/** This call certainly did nothing, so it can be made again. It says nothing about earlier calls for the same thing. */
type NotSent = { kind: "not_sent"; reason: string; retryAfterSeconds?: number };
/** There is no such thing at this moment. A request may still be on its way, up to `inFlightSeconds`. */
type NeverHeard = { kind: "never_heard" };

export type StartOutcome =
  /** The money stands already, and is for nothing else. */
  | ({ kind: "stands" } & Standing)
  /** Somebody has to act: the payer at `checkout`, or the channel. */
  | { kind: "pending"; providerPaymentId?: string; checkout?: Checkout }
  | Refused
  | Unknown
  | NotSent;

export type QueryOutcome =
  | ({ kind: "stands" } & Standing)
  | { kind: "paid"; received: Received }
  | { kind: "pending" }
  /** It was not paid, and can't be any more. Final, unless the provider says later that somebody paid all the same. */
  | { kind: "closed" }
  | Refused
  | NeverHeard
  | Unknown;

export type CloseOutcome =
  | { kind: "closed" }
  /** Too late: ask what was paid. */
  | { kind: "paid" }
  /** Nobody has begun to pay. Before `inFlightSeconds` are over a start may still arrive. */
  | NeverHeard
  | Unknown;

/** Money that goes back to who paid. */
export type Refund = {
  /** Our name for it, made from its cause: same id, same refund, once. */
  id: string;
  /** The cause in words, such as `refund:<order>@<epoch>#<round>`. */
  cause: string;
  /** Which refund of its order this is, from 1. */
  round: number;
  amount: number;
  /** When it was decided. */
  requestedAt: string;
};

export type RefundOutcome =
  /**
   * The payer has it, or will have it without anybody doing more. Final, unless their bank sends it back: then `queryRefund` says
   * `refused`, and a notification tells.
   */
  | { kind: "refunded"; providerRefundId: string; at: string }
  /** The provider works on it. `reason`: why it can't go on, if it says so. */
  | { kind: "pending"; reason?: string }
  | Refused
  | Unknown
  | NotSent;

export type RefundQueryOutcome = Exclude<RefundOutcome, NotSent> | NeverHeard;

/**
 * What a verified notification is about. It is a hint: its receiver asks `query` before anything moves, so the state that it claims
 * isn't here. With neither `paymentId` nor `disputeId` it is about nothing of ours.
 */
export type Notice = {
  /** The provider's own name for the event, the same on every redelivery. */
  eventId: string;
  paymentId?: string;
  /**
   * Our name for the refund that it is about, where it says so. By it a refund is asked about again that had ended: what a provider called
   * done may come to nothing later, and what it had refused may go through.
   */
  refundId?: string;
  /** The provider's own name for a dispute or complaint. Its receiver asks `disputes.query`, which says which payment it is about. */
  disputeId?: string;
};

export type Verified =
  | { ok: true; notice: Notice }
  /** `malformed` lacks what the protocol requires, `forged` isn't signed by this provider, `stale` is, but long ago. */
  | { ok: false; reason: "malformed" | "forged" | "stale" };

/** The answer that makes a provider send a notification no more, or send it again. */
export type Acknowledgement = { status: number; body: string; contentType: string };

/** A way to pay. None of its calls throws for anything that a network or a provider does. */
export interface PaymentMethod {
  /** How long after `start` or `refund` a request may still be on its way, unseen by `query` and `queryRefund`. */
  readonly inFlightSeconds: number;

  /** Begins a payment. The same charge again is the same payment. */
  start(charge: Charge): Promise<StartOutcome>;
  query(charge: Charge): Promise<QueryOutcome>;
  /** Makes that nobody can pay any more. Closing again is safe. */
  close(charge: Charge): Promise<CloseOutcome>;
  /** Gives back a part of what was paid, or all of it. The same refund again is the same refund. */
  refund(charge: Charge, refund: Refund): Promise<RefundOutcome>;
  queryRefund(charge: Charge, refund: Refund): Promise<RefundQueryOutcome>;

  /**
   * Checks a notification.
   * @param rawBody the body as it came, before any parsing
   * @param headers names in lower case
   */
  verify(rawBody: string, headers: Record<string, string | undefined>, now: Date): Verified;
  /** `taken`: it is stored, and need not come again. Otherwise it shall come again. */
  ack(taken: boolean): Acknowledgement;

  // What only some providers can do. A caller asks first whether it is there.
  /** Takes money that `start` has only reserved: all of it, or less. */
  capture?(charge: Charge, amount: number): Promise<QueryOutcome>;
  /** Takes money of a payer who has agreed to that before, and is not there. */
  charge?(charge: Charge, agreementId: string): Promise<StartOutcome>;
  /** Disputes and complaints about its payments, and our answers to them. */
  readonly disputes?: DisputeDesk;
  /** Its books, which are compared with ours day by day. */
  readonly statements?: StatementDesk;
}

export type ProviderSettings = {
  /** Without the protocol's own paths; a path prefix is kept. */
  baseUrl: string;
  /** For one call as a whole, its answer's body included. */
  timeoutMs: number;
  /** Where its notifications are to come, for protocols that say so with each payment. */
  notificationUrl?: string;
};

/** Each protocol has secrets of its own; all of them are wrapped as soon as they are read. */
export type Credentials = Readonly<Record<string, string>>;
export type Secrets<C extends Credentials> = { readonly [K in keyof C]: Secret };

/** Begins payments, and does nothing else. */
export type Starter = Pick<PaymentMethod, "start">;

/** The flows of a protocol, and what each needs to know of the payer. The first one is taken when an order names none. */
export type Flows = Readonly<Partial<Record<Flow, readonly (keyof Payer)[]>>>;

/**
 * What it takes to begin a payment by a provider's protocol, and the secrets that the protocol needs. It is in the bundle of place-order,
 * so it is small: `node:crypto` may sign, and no SDK comes along.
 */
export interface StartingProtocol<C extends Credentials = Credentials> {
  readonly credentials: z.ZodType<C>;
  /** It moves no money. Production refuses it. */
  readonly isSimulated: boolean;
  /** Tells whether credentials are of the provider's test mode, which moves no money. Production refuses them. */
  isTest?(credentials: C): boolean;
  /** Tells whether an address is the provider's sandbox, which moves no money. Production refuses it. */
  isSandbox?(baseUrl: string): boolean;
  readonly flows: Flows;
  /** Each payment must say where its notifications are to come, at an address without a query. */
  readonly needsNotificationUrl?: true;
  /** Throws on settings or credentials that can't work: no call has been made then. */
  starter(settings: ProviderSettings, credentials: Secrets<C>): Starter;
}

/** A provider's whole protocol. */
export interface ProviderProtocol<C extends Credentials = Credentials> extends StartingProtocol<C> {
  /** Throws on settings or credentials that can't work: no call has been made then. */
  adapter(settings: ProviderSettings, credentials: Secrets<C>): PaymentMethod;
}
