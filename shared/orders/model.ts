import type { ProductKind } from "../catalog/kinds.ts";
import type { Cost, Reserved, ReservedFor, Ticket } from "../inventory/model.ts";
import type { Rate } from "../kernel/convert.ts";
import type { Money } from "../kernel/money.ts";
import type { Raised } from "../limits/model.ts";
import type { Flow } from "../payments/contract.ts";
import type { Adjustment } from "../pricing/promotion.ts";
import type { Paid } from "../pricing/quote.ts";
import type { Sealed } from "../secrecy/sealer.ts";
import type { Outcome } from "../suppliers/contract.ts";
import type { OrderCase } from "./cases.ts";
import type { SealedContact } from "./contact.ts";
import type { Back, Leaving, Swapped } from "./places.ts";
import type { LineState, OrderState } from "./states.ts";
import type { StuckRefund } from "./stuck.ts";

/** One attempt at one supplier. Its reference is made of order, epoch, line and number, so a repeat is recognised. */
export type Attempt = {
  reference: string;
  supplierId: string;
  /** The supplier's name for the goods. A repeat must ask for the very same. */
  supplierProductId: string;
  supplierOrderId?: string;
  /** The expected cost of one piece, at the time of the order. Absent: nobody knew. */
  cost?: Money;
  /** The rate by which that was compared with the price, as it was then: of which currency, and since when it was set. */
  rate?: Omit<Rate, "from">;
  /** What the supplier charged for all pieces, as it says. */
  charged?: Money;
  /** The cost that was booked when the supplier delivered, and when; and when it was booked back, if it took that back. */
  booked?: { cost: Money; at: string; backAt?: string };
  /** When the order was placed with the supplier last, and how often. */
  placedAt: string;
  placed: number;
  /** When an answer must have come, and how long "unknown" may last. After that a person decides. */
  deadline: string;
  unknownUntil: string;
  unknownSeconds: number;
  /** Questions asked since then, and when the next one is due. */
  asked: number;
  nextAskAt?: string;
  /** Calls in a row that certainly did nothing, and when the next may be made. */
  notSent?: number;
  retryAt?: string;
  /** The supplier's last answer, in our words. */
  outcome?: Outcome["kind"];
  reason?: string;
};

/**
 * Tells whether an attempt has certainly done nothing: its last call did nothing, and it was the only one. What an
 * earlier call under the same reference did is open until the supplier is asked.
 */
export function didNothing({ outcome, placed }: Pick<Attempt, "outcome" | "placed">): boolean {
  return outcome === "not_sent" && placed <= 1;
}

export type Line = {
  id: string;
  productId: string;
  productVersion: number;
  kind: ProductKind;
  name: string;
  quantity: number;
  /** The list price of one piece. */
  unitPrice: number;
  /** What a buyer pays for one piece at checkout, before anything is taken off. Absent: the list price. */
  retailPrice?: number;
  /** It may cost us more than was paid for it: the product, or the price of the channel's tier, has said so. */
  belowCost?: true;
  /** What all pieces cost, after everything that was taken off. */
  net: number;
  /** What was taken off, or paid by somebody else, by which promotion. Absent: nothing. */
  adjustments?: Adjustment[];
  /** What each payer pays for all pieces. Absent: the channel pays the net. */
  paid?: Paid;
  state: LineState;
  /** One ticket for each piece that can be handed over: from our stock, or bought for this line. */
  tickets?: Ticket[];
  /** Large orders, instead of tickets: the runs that were cut off. Each code of them is one piece, except holes. */
  reserved?: Reserved[];
  /** What its codes from our stock have cost us; it stays when the line goes back. Absent: not sold, or nobody knows. */
  cost?: Cost[];
  /** When the cost was booked, if that was after the sale: the codes of a large order, or those that replace others. */
  costAt?: string;
  /** How many were asked for, if fewer were sold because the buyer takes less. */
  requested?: number;
  /** This line is the rest of that line, of which a supplier delivered a part. */
  restOf?: string;
  /** Top-ups: the account to fill. Personal data, sealed. */
  recipient?: Sealed;
  /** The attempt under way or made last, and the earlier ones that ended in a definite no. */
  attempt?: Attempt;
  history?: Attempt[];
  /** Attempts before this index don't count against their source: an operator has decided to retry since. */
  forgiven?: number;
  /**
   * No source can be tried before `until`: all that are left are sick, closed, or have asked us to wait. `since`: when
   * calls began to do nothing, or when nobody knew any more how long it would take.
   */
  waits?: { since: string; until: string };
  /** Where an operator said to buy it. The product's own sources are not used. */
  source?: { supplierId: string; supplierProductId: string };
  /** Of its delivered pieces, those that went back: always the last ones. When all of them did, the line is `returned`. */
  back?: Back;
  /** Of its delivered pieces, those that are on their way back in the present round. */
  leaving?: Leaving;
  /** What was ordered, if an operator replaced it with something else at the same price. The first is the original. */
  replaced?: Pick<Line, "productId" | "productVersion" | "kind" | "name">[];
  /** Its codes that did not work: others stand in their places. */
  swapped?: Swapped;
  /** The case that gave it to the buyer for nothing. */
  given?: string;
};

/** How long after payment the goods are promised, and what happens to a late order. */
export type DeliveryPromise = { withinSeconds: number; whenLate: "wait" | "review" };

/** Who saw the goods first: when, from which address, in which request. */
export type Reveal = { by: string; at: string; from: string; requestId: string };

/** Why the order waits for a person: a line can't go on by itself, or a run of the workflow broke. */
export type Review = {
  reason: string;
  since: string;
  lineId?: string;
  execution?: string;
  /** The refund that its payment provider can't make. */
  refundId?: string;
  /** A decision that takes two people, as the first one made it. */
  proposal?: { action: Decided["action"]; substance: string; by: string; person?: string; at: string };
  /** Nobody decided in time, and the rule must not refund: something may still be delivered. */
  escalatedAt?: string;
};

/** Why an order is before a person whose refund takes two: the first of them has decided. */
export const REFUND_PROPOSED = "refund_proposed";

type PaidAt = { id: string; at: string };

/** `paid`: the provider's name for what was paid, and when. Absent: the order was not sold in one write by it. */
type Checkout = { provider: string; amount: number; margin?: number; flow?: Flow; payer?: string; paid?: PaidAt };

/** The last decision about the order's review. Who made it and why stands in the audit trail. */
export type Decided = { action: "retry" | "replace" | "refund"; by: "operator" | "rule"; at: string };

export type Order = {
  id: string;
  channelId: string;
  /** Rises with each change, across epochs. Every change is conditional on it. */
  version: number;
  /** Rises when a refused order is placed again with the same key. */
  epoch: number;
  /** How many runs of the workflow it has had. They are counted, because the name of a closed run can't be used again. */
  run: number;
  state: OrderState;
  requestHash: string;
  /** A new random text for each draft. By it a writer recognises what stands in the table as its own. */
  draft?: string;
  placedAt: string;
  /** The id under which the request that placed it is logged, and all that follows. Orders of earlier versions have none. */
  correlationId?: string;
  total: Money;
  lines: Line[];
  /** Deferred orders: until when the codes are held, and when they were set aside. */
  expiresAt?: string;
  heldAt?: string;
  /** The counters of unpaid orders that it has raised. They are lowered when it no longer waits for payment. */
  holding?: readonly Raised[];
  /** The limit counters that it has raised, by what is left of them. What goes back lowers both, in one write. */
  limited?: readonly Raised[];
  /** The buyer takes what there is. */
  acceptLess?: true;
  /** The channel's customer, as a keyed hash of the channel and its own name for them. */
  buyer?: string;
  /** How the customer can be reached. Personal data, sealed field by field; erased when the channel or an operator says so. */
  contact?: SealedContact;
  /** The campaign whose stock it may have. */
  campaign?: string;
  reference?: string;
  metadata?: Record<string, string>;
  /**
   * What stands, one nonce for each payer: the id of an outside payment, and the nonce of the pending that is the channel's own money;
   * or `nothing`, where there is nothing to pay.
   * Once the order is sold (`fundedAt`) all of them stand, and that is what paid.
   */
  fundedBy?: readonly string[];
  /**
   * What a buyer pays at a payment provider, in minor units: all of the order, or a part, and the channel's balance pays the rest.
   * `margin`: how much of that is the channel's, and not the order's total · `payer`: a short hash of what was said of the payer.
   * Absent: the balance pays for all.
   */
  checkout?: Checkout;
  /** How many outside payments were begun in this epoch: they are numbered, and the last one is the one to pay. `alone`: none can be paid. */
  payments?: number;
  alone?: true;
  /** The lane of that pending (absent: the first), and when it was decided that all that stands has paid: with the sale. */
  fundedLane?: number;
  fundedAt?: string;
  /** The first look at the goods. After it they can't come back. */
  revealed?: Reveal;
  refusal?: "sold_out" | "insufficient_funds" | "payment_refused";
  /**
   * What went back so far, in minor units, and when each round began. These are also the times of the ledger entries.
   */
  refunded: number;
  refundedAt?: string[];
  /** When the present round of unwinding began. */
  unwindingSince?: string;
  /** The present round began when its delivery was over, so its end is not told again. */
  reopened?: true;
  /** The refunds of delivered pieces by their causes: a fingerprint of what was asked for, and the round. */
  refunds?: Readonly<Record<string, { what: string; round: number }>>;
  /** Refunds that payment providers can't make. A person decides about each. */
  stuck?: readonly StuckRefund[];
  /** Tickets that no line names any more, until their codes are back in stock. The order says so first. */
  dropped?: Ticket[];
  review?: Review;
  /** The shortest promise of its products; the moment when it ends, from payment on; and that it was not kept. */
  promise?: DeliveryPromise;
  deliverBy?: string;
  overdue?: true;
  decided?: Decided;
  /** When the link of its buyer's page ends, and which requests have renewed it, by short names. Absent: it has no link, or its first. */
  linkEnds?: string;
  linkCauses?: readonly string[];
  /** How many events it has told so far. Absent: none. Each change counts its own, so that their numbers have no gaps. */
  told?: number;
  /**
   * What operators gave away on this order so far, by currency, in minor units: refunds, and goods instead of others.
   */
  decidedWorth?: Readonly<Record<string, number>>;
  /** What somebody asked for after the sale, the oldest first. Each is told in full by an item of its own. */
  cases?: readonly OrderCase[];
};

export function ticketsOf(lines: readonly Line[]): Ticket[] {
  return lines.flatMap((line) => line.tickets ?? []);
}

/** Makes the change by which an order drops tickets, to give them back. Its lines must not name them any more. */
export function dropping({ dropped = [] }: Pick<Order, "dropped">, tickets: readonly Ticket[]): Pick<Order, "dropped"> {
  return { dropped: [...dropped, ...tickets] };
}

/** Replaces one line of the order. */
export function withLine(order: Order, line: Line): Line[] {
  return order.lines.map((other) => (other.id === line.id ? line : other));
}

/** Tells whether a line is bought from a supplier. Otherwise it comes from our stock. */
export function isBought(line: Line): boolean {
  return (line.tickets === undefined && line.reserved === undefined) || line.attempt !== undefined;
}

/** Finds the line for which a supplier was asked under this reference, by the present attempt or an earlier one. */
export function lineAskedFor(order: Order | undefined, supplierId: string, reference: string): Line | undefined {
  return order?.lines.find(({ attempt, history = [] }) =>
    [...history, ...(attempt === undefined ? [] : [attempt])].some(
      (one) => one.reference === reference && one.supplierId === supplierId,
    ),
  );
}

/** Reads the order's id from a reference. A reference begins with it, and an id has no hyphen. */
export function orderIdIn(reference: string): string | undefined {
  return /^(ord_[0-9a-z]{20,26})-/.exec(reference)?.[1];
}

/** Reasons why a person looks at goods that came: fewer than the supplier says, or codes that we had before. */
const GOODS_ARE_WRONG = ["goods_missing", "duplicate_code"];

/**
 * Tells whether goods may still come under this attempt, or came and were not handed over. Only a definite no ends an
 * attempt. A call that did nothing says nothing about an earlier one under the same reference.
 */
export function mayStillDeliver(attempt: Attempt): boolean {
  const { outcome = "unknown", reason = "" } = attempt;
  if (GOODS_ARE_WRONG.includes(reason)) return true;
  return !didNothing(attempt) && !["rejected", "partly", "reversed"].includes(outcome);
}

/** The name by which runs know their order. */
export function reservedFor({ id: orderId, epoch }: Pick<Order, "id" | "epoch">): ReservedFor {
  return { orderId, epoch };
}

export function reservedIn(lines: readonly Line[]): Reserved[] {
  return lines.flatMap((line) => line.reserved ?? []);
}

/** The binding of a sealed recipient. The rest of a line has the recipient of the whole. */
export function recipientBinding(orderId: string, { id, restOf }: Pick<Line, "id" | "restOf">): string {
  return `${orderId} ${restOf ?? id} recipient`;
}

export const RECIPIENT_CONTEXT = { purpose: "recipient" };
