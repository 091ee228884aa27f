import type { ProductKind } from "../catalog/model.ts";
import type { Reserved, ReservedFor, Ticket } from "../inventory/model.ts";
import type { Money } from "../kernel/money.ts";
import type { Raised } from "../limits/model.ts";
import type { Sealed } from "../secrecy/sealer.ts";
import type { Outcome } from "../suppliers/contract.ts";
import type { LineState, OrderState } from "./states.ts";

/** One try at one supplier. Its reference is derived from order, line and number, so a repeat is recognised as one. */
export type Attempt = {
  reference: string;
  supplierId: string;
  /** What this supplier calls the goods: a repeat must ask for the very same. */
  supplierProductId: string;
  supplierOrderId?: string;
  /** What one piece was expected to cost when it was placed. Absent: nobody knew. */
  cost?: Money;
  /** What the supplier says that it charged for all of it. */
  charged?: Money;
  /** When the supplier was last asked to do it, and how often it was. */
  placedAt: string;
  placed: number;
  /** When an answer must have come, and how long "unknown" may last: after that a person decides. */
  deadline: string;
  unknownUntil: string;
  unknownSeconds: number;
  /** Questions asked since, and when the next is due. */
  asked: number;
  nextAskAt?: string;
  /** Calls in a row that did nothing for certain, and when the next may be made. */
  notSent?: number;
  retryAt?: string;
  /** The last thing the supplier said, in our words. */
  outcome?: Outcome["kind"];
  reason?: string;
};

/**
 * Has this attempt done nothing, for certain? Its last call did nothing, and there was none before it: what an earlier call under
 * the same reference did is open until the supplier is asked.
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
  unitPrice: number;
  state: LineState;
  /** What can be handed over has one for each piece: in our stock, or of what was bought for this line. */
  tickets?: Ticket[];
  /** Instead of tickets, in a large order: the runs that were cut off for it, each code of which is one piece but for holes. */
  reserved?: Reserved[];
  /** How many were asked for, where there were fewer and the buyer takes less. */
  requested?: number;
  /** A supplier delivered a part, and this is the rest of that line. */
  restOf?: string;
  /** Top-ups: the account to fill, sealed; personal data. */
  recipient?: Sealed;
  /** The attempt under way or last made, and those before it that ended in a definite no. */
  attempt?: Attempt;
  history?: Attempt[];
  /** So many of the history no longer count against their sources: a person was asked after them. */
  forgiven?: number;
  /**
   * No source can be tried before `until`: those that are left are sick, closed, or have asked us to wait. `since`: from then on calls
   * did nothing, or nobody knew how long it would be.
   */
  waits?: { since: string; until: string };
  /** Where an operator said to buy it, instead of the product's own sources. */
  source?: { supplierId: string; supplierProductId: string };
  /** What was bought, where an operator replaced it with something else at the same price; the first is the original. */
  replaced?: Pick<Line, "productId" | "productVersion" | "kind" | "name">[];
};

/** How long after payment the goods are promised, and what happens to what is later than that. */
export type DeliveryPromise = { withinSeconds: number; whenLate: "wait" | "review" };

/** Who saw the goods first, when, from which address, in which request. */
export type Reveal = { by: string; at: string; from: string; requestId: string };

/** Why the order is before a person: a line that can't go on by itself, or a run of the workflow that broke. */
export type Review = {
  reason: string;
  since: string;
  lineId?: string;
  execution?: string;
  /** A decision that takes two people, as the first of them made it. */
  proposal?: { action: Decided["action"]; substance: string; by: string; person?: string; at: string };
  /** Nobody decided in time, and the rule must not: something may still be delivered. */
  escalatedAt?: string;
};

/** The last decision about the order's review. Who made it and why stands in the audit trail. */
export type Decided = { action: "retry" | "replace" | "refund"; by: "operator" | "rule"; at: string };

export type Order = {
  id: string;
  channelId: string;
  /** Rises with each change, across epochs; every change is conditional on it. */
  version: number;
  /** A refused order may be tried again with the same key: that opens its next epoch. */
  epoch: number;
  /** Runs of its workflow: a closed name can't be used again, so they are counted. */
  run: number;
  state: OrderState;
  requestHash: string;
  /** Random, a new one for each draft: the writer of a draft recognises by it what stands as its own. */
  draft?: string;
  placedAt: string;
  total: Money;
  lines: Line[];
  /** Paid later: until when its codes are kept for it, and when they were set aside. */
  expiresAt?: string;
  heldAt?: string;
  /** The counters of orders that wait for their payment; lowered when this one does no more. */
  holding?: readonly Raised[];
  /** The counters that it has raised, by what it still has of them: what goes back lowers both, in one write. */
  limited?: readonly Raised[];
  /** A large order whose buyer takes what there is. */
  acceptLess?: true;
  /** Whose stock it was promised, where a product has some set aside for it. */
  campaign?: string;
  reference?: string;
  metadata?: Record<string, string>;
  /** The one pending that paid, in which lane of the account it is (absent: the first), and when that was decided. */
  fundedBy?: string;
  fundedLane?: number;
  fundedAt?: string;
  /** The goods were first shown; from then on they can't come back. */
  revealed?: Reveal;
  refusal?: "sold_out" | "insufficient_funds";
  /** What went back so far, in minor units, and when each round of it began: the times of their ledger entries. */
  refunded: number;
  refundedAt?: string[];
  /** When the present round of unwinding began. */
  unwindingSince?: string;
  /** Tickets that no line names any more, until their codes are back in stock: the order says so first. */
  dropped?: Ticket[];
  review?: Review;
  /** The shortest promise of its products; since payment, the moment it ends; and that it was not kept. */
  promise?: DeliveryPromise;
  deliverBy?: string;
  overdue?: true;
  decided?: Decided;
  /** What operators have given away on this order so far, by currency, in minor units: refunds, and goods instead of others. */
  decidedWorth?: Readonly<Record<string, number>>;
};

export function lineTotal(line: Pick<Line, "unitPrice" | "quantity">): number {
  return line.unitPrice * line.quantity;
}

export function ticketsOf(lines: readonly Line[]): Ticket[] {
  return lines.flatMap((line) => line.tickets ?? []);
}

/** The change that makes an order give these tickets back; its lines must not name them any more. */
export function dropping({ dropped = [] }: Pick<Order, "dropped">, tickets: readonly Ticket[]): Pick<Order, "dropped"> {
  return { dropped: [...dropped, ...tickets] };
}

/** The order with one line replaced. */
export function withLine(order: Order, line: Line): Line[] {
  return order.lines.map((other) => (other.id === line.id ? line : other));
}

/** Was it bought for this line, or is it to be? Otherwise it comes from our stock. */
export function isBought(line: Line): boolean {
  return (line.tickets === undefined && line.reserved === undefined) || line.attempt !== undefined;
}

/** The line that a supplier was asked for under this reference: now, or by an attempt that is over. */
export function lineAskedFor(order: Order | undefined, supplierId: string, reference: string): Line | undefined {
  return order?.lines.find(({ attempt, history = [] }) =>
    [...history, ...(attempt === undefined ? [] : [attempt])].some(
      (one) => one.reference === reference && one.supplierId === supplierId,
    ),
  );
}

/** The order that a reference of ours names. A reference begins with its order's id, which has no hyphen. */
export function orderIdIn(reference: string): string | undefined {
  return /^(ord_[0-9a-z]{20,26})-/.exec(reference)?.[1];
}

/** Why a person looks at goods that came: fewer than the supplier says, or such as we had before. */
const GOODS_ARE_WRONG = ["goods_missing", "duplicate_code"];

/**
 * May goods still come under this attempt, or have come that nobody handed over? Only a definite no ends it. A call that did
 * nothing says nothing about an earlier one under the same reference.
 */
export function mayStillDeliver(attempt: Attempt): boolean {
  const { outcome = "unknown", reason = "" } = attempt;
  if (GOODS_ARE_WRONG.includes(reason)) return true;
  return !didNothing(attempt) && !["rejected", "partly", "reversed"].includes(outcome);
}

/** As whom the order's runs know it. */
export function reservedFor({ id: orderId, epoch }: Pick<Order, "id" | "epoch">): ReservedFor {
  return { orderId, epoch };
}

export function reservedIn(lines: readonly Line[]): Reserved[] {
  return lines.flatMap((line) => line.reserved ?? []);
}

/** What binds a sealed recipient to its place: the rest of a line has the recipient of the whole. */
export function recipientBinding(orderId: string, { id, restOf }: Pick<Line, "id" | "restOf">): string {
  return `${orderId} ${restOf ?? id} recipient`;
}

export const RECIPIENT_CONTEXT = { purpose: "recipient" };
