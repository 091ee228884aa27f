/**
 * What every supplier looks like to us. An adapter turns one protocol into these few words; nothing else of it gets
 * past the adapter. Reasons are stable snake_case codes, never a supplier's own text: that may carry accounts or codes,
 * and it ends up in orders, reviews and logs.
 */
import type * as z from "zod";
import type { Money } from "../kernel/money.ts";
import type { Secret } from "../kernel/secret.ts";

/** One attempt to buy one line's goods from one supplier. */
export type Need = {
  /** Our name for the attempt. The supplier knows the attempt by it: same reference, same goods, once. */
  reference: string;
  supplierProductId: string;
  quantity: number;
  /** The account to fill, for what is loaded onto an account. */
  recipientAccount?: Secret;
};

/**
 * One piece of what was bought: a card code, a link, a booking code. It exists in the clear only between the supplier's
 * answer and the moment it is sealed, therefore the wrapper.
 */
export type Good = {
  number?: Secret;
  secret: Secret;
  /** RFC 3339, if the supplier says so. */
  expiresAt?: string;
  /** The supplier names an end, in a notation that we can't read. */
  expiryUnread?: true;
};

/**
 * What the supplier charged for all of the order, with fees, as it says. Absent: it does not say, or it can't be read.
 * That is not the same as nothing.
 */
type Charged = { charged?: Money };

export type Outcome =
  /**
   * Done. Final. What was loaded onto an account is with its recipient; what can be handed over is in `goods`, one for
   * each piece. Asking again brings the same goods, so a crash between the answer and storing them loses nothing.
   */
  | ({ kind: "fulfilled"; supplierOrderId: string; goods?: readonly Good[] } & Charged)
  /** Fewer pieces than asked for, and the rest will not come under this reference. Final. */
  | ({ kind: "partly"; supplierOrderId: string; delivered: number; goods?: readonly Good[] } & Charged)
  /** The supplier has the order and is working on it: wait for its callback, then query. */
  | { kind: "accepted"; supplierOrderId: string }
  /** A definite no: under this reference nothing was delivered and nothing will be. The next source may be tried. */
  | { kind: "rejected"; reason: string; supplierOrderId?: string }
  /** It was delivered, and the supplier took it back. Final: a person decides, because the buyer may have used it. */
  | { kind: "reversed"; supplierOrderId?: string }
  /** It may have worked. Query; never go on to another source from here. */
  | { kind: "unknown"; reason: string }
  /**
   * The supplier has no order of this reference at this moment: a request may still be on its way. Only after
   * `inFlightSeconds` does this mean that an earlier `place` was lost.
   */
  | { kind: "never_heard" }
  /**
   * This call certainly did nothing, so it can be made again. It says nothing about *earlier* calls with the same
   * reference: after an unknown, the attempt stays unknown.
   */
  | { kind: "not_sent"; reason: string; retryAfterSeconds?: number };

/** What placing can lead to. */
export type PlaceOutcome = Exclude<Outcome, { kind: "never_heard" }>;

/** What asking can lead to. A question that didn't get through leaves the attempt as unknown as it was. */
export type QueryOutcome = Exclude<Outcome, { kind: "not_sent" }>;

/**
 * What a verified callback is about. It is a hint: its receiver asks `query` before anything moves, so the state that
 * it claims isn't here. If it names neither reference nor order, it is about nothing of ours: acknowledge it and do
 * nothing.
 */
export type CallbackEvent = {
  /** The supplier's own name for the event, the same on every redelivery. */
  eventId: string;
  reference?: string;
  supplierOrderId?: string;
  /** It is about what they sell: read their catalogue. */
  catalogueChanged?: true;
};

export type Verified =
  | { ok: true; event: CallbackEvent }
  /** `malformed` lacks what the protocol requires, `forged` isn't signed by this supplier, `stale` is, but long ago. */
  | { ok: false; reason: "malformed" | "forged" | "stale" };

/** The answer that tells this supplier to stop sending a callback. */
export type Acknowledgement = { status: number; body: string; contentType: string };

/**
 * A question after the delivery: these pieces don't work. `caseId`: our name for the question; it is asked once, however often it is put.
 * `pieces`: their places among the goods of the order, from 1.
 */
export type AfterSalesQuestion = { caseId: string; supplierOrderId: string; pieces: readonly number[] };

/**
 * What the supplier says to that. `unused`, `used`: as whoever issued them knows · `replaced`: with other goods, one for each piece, in
 * their order; asked again, it brings the same · `refunded`: it has given our money back · `refused` · `pending`: it works on it.
 */
export type AfterSalesAnswer =
  | { kind: "unused" | "used" | "refunded" | "refused" | "pending" }
  | { kind: "replaced"; goods: readonly Good[] }
  /** Nobody knows whether the question got through, or it certainly did not: it is put again. */
  | { kind: "unknown" | "not_sent"; reason: string };

export interface SupplierAdapter {
  /** Whether `place` with the same reference and need is carried out at most once, however often it arrives. */
  readonly repeatSafe: boolean;
  /** How long after `place` a request may still be on its way through the supplier, unseen by `query`. */
  readonly inFlightSeconds: number;

  /** Doesn't throw for anything the network or the supplier does. */
  place(need: Need): Promise<PlaceOutcome>;
  /**
   * Asks for the order that was placed under this reference, with the supplier's own id for it if we have heard that. A
   * supplier that can only be asked by its own id answers `never_heard` without it: placing again is then the question,
   * so that must be safe to repeat. Doesn't throw either.
   */
  query(reference: string, supplierOrderId?: string): Promise<QueryOutcome>;

  /**
   * Checks a callback.
   * @param rawBody the body as it came, before any parsing
   * @param headers names in lower case
   */
  verify(rawBody: string, headers: Record<string, string | undefined>, now: Date): Verified;
  acknowledge(): Acknowledgement;

  /** Asks about pieces that were delivered and don't work. Absent: its protocol has no such question. Doesn't throw either. */
  askAfterSales?(question: AfterSalesQuestion): Promise<AfterSalesAnswer>;

  /** How long after accepting an order the supplier is first asked about it: a callback may be slow, or never come. */
  readonly firstAskSeconds: number;
  /** Whether its callbacks carry a signature. Anybody can send one that has none. */
  readonly signsCallbacks: boolean;

  /** Reads what the supplier sells, a page at a time. `cursor` is what the page before said. Throws SupplierDown. */
  catalogue?(cursor: string | undefined): Promise<CataloguePage>;
  /** Reads what we can still spend there, in each currency. Throws SupplierDown. */
  balances?(): Promise<readonly Money[]>;
}

/** One thing a supplier sells, as of now. */
export type CatalogueItem = {
  supplierProductId: string;
  name: string;
  /** What one piece costs us. Undefined: the supplier did not say, which is not the same as nothing. */
  cost?: Money;
  /** Pieces left. Undefined: no limit, or the supplier does not tell. */
  stock?: number;
  onSale: boolean;
};
/**
 * A product of a catalogue that could not be read; the others are read. `name` is what the supplier calls it, or its
 * position on the page (`#17`) if the name can't be read. `field` is the first field that is not as the protocol says.
 */
export type LeftOut = { name: string; field: string };
export type CataloguePage = { items: readonly CatalogueItem[]; leftOut?: readonly LeftOut[]; next?: string };

/** A question that moves nothing was not answered. `retryAfterSeconds`: if the supplier named a wait. */
export class SupplierDown extends Error {
  override readonly name = "SupplierDown";
  readonly retryAfterSeconds: number | undefined;

  constructor(reason: string, retryAfterSeconds?: number) {
    super(reason);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export type SupplierSettings = {
  /** Without the protocol's own paths; a path prefix is kept. */
  baseUrl: string;
  /** For one call as a whole, its answer's body included. */
  timeoutMs: number;
  /** Where its callbacks are to come, for protocols that say so with each order. */
  callbackUrl?: string;
  /** Instead of the adapter's own figure. Too short a window sells twice if repeats aren't safe. */
  inFlightSeconds?: number;
};

/** Each protocol has secrets of its own; all of them are wrapped as soon as they are read. */
export type Credentials = Readonly<Record<string, string>>;
export type Secrets<C extends Credentials> = { readonly [K in keyof C]: Secret };

/** A protocol: the secrets that it needs, and the adapter that speaks it. */
export interface Protocol<C extends Credentials = Credentials> {
  readonly credentials: z.ZodType<C>;
  /** How many pieces one order may have and its answer can hand over. More are refused before anything is sent. */
  readonly mostPieces: number;
  /** Throws on settings or credentials that can't work: no call has been made then. */
  adapter(settings: SupplierSettings, credentials: Secrets<C>): SupplierAdapter;
}
