/**
 * What every supplier looks like to us. An adapter turns one party's protocol into these few words and nothing else
 * of that party gets past it. Reasons are stable snake_case codes, never a supplier's own text: that may carry
 * accounts or codes, and it ends up in orders, reviews and logs.
 */
import type { Secret } from "../kernel/secret.ts";

/** One attempt to buy one line's goods from one supplier. */
export type Need = {
  /** Ours, deterministic for the attempt. The supplier knows the attempt by it: same reference, same goods, once. */
  reference: string;
  supplierProductId: string;
  quantity: number;
  /** Whom the goods go to, for what is loaded onto an account. */
  recipientAccount?: Secret;
};

export type Outcome =
  /** The goods are with the recipient. Final. */
  | { kind: "fulfilled"; supplierOrderId: string }
  /** The supplier has the order and is working on it: wait for its callback, then query. */
  | { kind: "accepted"; supplierOrderId: string }
  /** A definite no: under this reference nothing was delivered and nothing will be. The next source may be tried. */
  | { kind: "rejected"; reason: string; supplierOrderId?: string }
  /** It may have worked. Query; never fail over from here. */
  | { kind: "unknown"; reason: string }
  /**
   * The supplier has no order of this reference, at this moment: a request may still be on its way to it. Only after
   * `inFlightSeconds` does this mean that an earlier `place` was lost.
   */
  | { kind: "never_heard" }
  /**
   * This call did nothing, for certain, so that it can be made again. It says nothing about *earlier* calls with the
   * same reference: after an unknown, the attempt stays unknown.
   */
  | { kind: "not_sent"; reason: string; retryAfterSeconds?: number };

/** What placing can lead to. */
export type PlaceOutcome = Exclude<Outcome, { kind: "never_heard" }>;

/** What asking can lead to. A question that didn't get through leaves the attempt as unknown as it was. */
export type QueryOutcome = Exclude<Outcome, { kind: "not_sent" }>;

/**
 * What a verified callback is about. It is a hint, not news: whoever gets one asks `query` before anything moves,
 * therefore the state that it claims isn't here. Naming neither reference nor order it concerns nothing of ours:
 * acknowledge it and do nothing.
 */
export type CallbackEvent = {
  /** The supplier's own name for the event, the same on every redelivery. */
  eventId: string;
  reference?: string;
  supplierOrderId?: string;
};

export type Verified =
  | { ok: true; event: CallbackEvent }
  /** `malformed` lacks what the protocol requires, `forged` isn't signed by this supplier, `stale` is, but long ago. */
  | { ok: false; reason: "malformed" | "forged" | "stale" };

/** The answer that tells this supplier to stop sending a callback. */
export type Acknowledgement = { status: number; body: string; contentType: string };

export interface SupplierAdapter {
  /** Whether `place` with the same reference and need is carried out at most once, however often it arrives. */
  readonly repeatSafe: boolean;
  /** How long after `place` a request may still be on its way through the supplier, unseen by `query`. */
  readonly inFlightSeconds: number;

  /** Doesn't throw for anything the network or the supplier does. */
  place(need: Need): Promise<PlaceOutcome>;
  /** Asks for the order that was placed under this reference. Doesn't throw either. */
  query(reference: string): Promise<QueryOutcome>;

  /**
   * Checks a callback.
   * @param rawBody the body as it came, before any parsing
   * @param headers names in lower case
   */
  verify(rawBody: string, headers: Record<string, string | undefined>, now: Date): Verified;
  acknowledge(): Acknowledgement;
}

export type SupplierSettings = {
  /** Without the protocol's own paths; a path prefix is kept. */
  baseUrl: string;
  /** For one call as a whole, its answer's body included. */
  timeoutMs: number;
  /** Instead of the adapter's own figure. Too short a window sells twice where repeats aren't safe. */
  inFlightSeconds?: number;
};

export type SupplierCredentials = { apiKey: Secret; webhookSecret: Secret };

/** Throws on settings or credentials that can't work: no call has been made then. */
export type AdapterFactory = (settings: SupplierSettings, credentials: SupplierCredentials) => SupplierAdapter;
