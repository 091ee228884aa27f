import { isStocked } from "../catalog/kinds.ts";
import { isUnresolved, mayBeDelivered } from "../fulfilment/outcome.ts";
import type { Money } from "../kernel/money.ts";
import type { Line, Order } from "../orders/model.ts";
import { whyNotAgain } from "./retry.ts";
import { needsTwo, paidFor, refundable } from "./second-person.ts";
import type { ReviewSettings } from "./table.ts";

/** A possible decision: what it would do, and why it can't be made now. */
export type Choice = {
  action: "retry" | "replace" | "refund" | "note" | "reject";
  effect: string;
  allowed: boolean;
  whyNot?: string;
  /** The amount is over the limit: a second person must decide the same. */
  takesTwo: boolean;
};

/** Says what each decision would do to this order as it is now. */
export function choicesFor(order: Order, settings: ReviewSettings): Choice[] {
  if (order.review !== undefined && order.state !== "review") return [...ofNoLine(order), ...ofProposal(order), note];
  const waiting = order.lines.filter(({ state }) => state === "review");
  return [
    retryChoice(order, waiting),
    ...waiting.map((line) => replaceChoice(order, line, settings)),
    refundChoice(order, settings),
    ...ofProposal(order),
    note,
  ];
}

/** A delivered order waits for a second person, or for somebody who sees to a refund. Both have commands of their own. */
function ofNoLine({ stuck = [], review }: Order): Choice[] {
  const one = stuck.find(({ refundId }) => refundId === review?.refundId);
  if (one === undefined) return [];
  const whyNot = `Say payments retry-refund or payments settle-refund, ${one.paymentId} --refund ${one.refundId}.`;
  const effect =
    "Asks the payment provider again for the refund that it can't make, or books that it was paid in another way.";
  return [{ action: "retry", effect, allowed: false, whyNot, takesTwo: false }];
}

const ofProposal = ({ review }: Order): Choice[] =>
  review?.proposal === undefined
    ? []
    : [{ action: "reject", effect: `Ends what ${review.proposal.by} has proposed.`, allowed: true, takesTwo: false }];

const note: Choice = {
  action: "note",
  effect: "Puts a note on record and moves nothing.",
  allowed: true,
  takesTwo: false,
};

function retryChoice(order: Order, waiting: readonly Line[]): Choice {
  const effects = waiting.map((line) =>
    isUnresolved(line)
      ? `asks ${supplierOf(line)} again about line ${line.id} and places nothing new`
      : `buys line ${line.id} anew, under a new reference`,
  );
  const effect = effects.length === 0 ? "starts the workflow again" : effects.join("; ");
  return {
    action: "retry",
    effect: sentence(effect),
    takesTwo: false,
    ...allowedIf(inReview(order) ?? whyNotAgain(waiting)),
  };
}

function replaceChoice(order: Order, line: Line, settings: ReviewSettings): Choice {
  const decision = {
    action: "replace",
    reason: "?",
    lineId: line.id,
    with: { from: "stock" },
    evenIfUnresolved: false,
  } as const;
  const paid = paidFor(order, decision);
  const ways = isStocked(line.kind)
    ? "a code from stock, another product or supplier"
    : "another product or supplier, or a code from stock";
  return {
    action: "replace",
    effect: sentence(
      `gives the buyer ${ways} for line ${line.id}, at the ${money(paid)} that was paid; what is worth more counts as what it is worth`,
    ),
    takesTwo: needsTwo(order, { amounts: [paid], isKnown: true }, settings),
    ...allowedIf(inReview(order) ?? whyNotAgain([line]) ?? stillOpen([line])),
  };
}

function refundChoice(order: Order, settings: ReviewSettings): Choice {
  const decision = { action: "refund", reason: "?", evenIfUnresolved: false } as const;
  const leaving = refundable(order);
  const paid = paidFor(order, decision);
  const kept = order.lines.filter(({ state }) => state === "fulfilled").length;
  const rest = kept === 0 ? "" : `; what was delivered, ${kept} of ${order.lines.length} lines, stays and stays paid`;
  return {
    action: "refund",
    effect: sentence(`gives ${money(paid)} back${rest}`),
    takesTwo: needsTwo(order, { amounts: [paid], isKnown: true }, settings),
    ...allowedIf(inReview(order) ?? stillOpen(leaving)),
  };
}

function inReview(order: Order): string | undefined {
  return order.state === "review" ? undefined : "The order is on its way: look again.";
}

/**
 * Says which lines their suppliers may still deliver. Asked once more they may say no: the decision itself asks first.
 */
function stillOpen(lines: readonly Line[]): string | undefined {
  const open = lines.filter(mayBeDelivered);
  if (open.length === 0) return undefined;
  const which = open.map((line) => `line ${line.id} (${supplierOf(line)})`).join(", ");
  return `Without a definite answer about ${which} it needs evenIfUnresolved: the goods may still arrive.`;
}

const allowedIf = (whyNot: string | undefined): Pick<Choice, "allowed" | "whyNot"> =>
  whyNot === undefined ? { allowed: true } : { allowed: false, whyNot };
const supplierOf = (line: Line): string => line.attempt?.supplierId ?? "nobody";
const money = ({ amount, currency }: Money): string => `${amount} ${currency} (minor units)`;
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
