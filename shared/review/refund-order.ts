import { factsIn } from "../audit/differences.ts";
import { recorded } from "../audit/records.ts";
import type { AuditEntry } from "../audit/table.ts";
import { nextRun } from "../fulfilment/runs.ts";
import { wakeUp } from "../fulfilment/wake-up.ts";
import { fingerprintOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { repeatOf } from "../kernel/repeat.ts";
import { advance } from "../orders/advance.ts";
import { beginRefund } from "../orders/begin-refund.ts";
import { isDisputed } from "../orders/disputed.ts";
import { type Order, REFUND_PROPOSED, type Review } from "../orders/model.ts";
import { isAllThatIsLeft, planRefund, type RefundWish } from "../orders/refund-plan.ts";
import { type Part, worthOf } from "../orders/shares.ts";
import { isFinal, isUnwinding } from "../orders/states.ts";
import { type Change, moveOrder, readOrder } from "../orders/table.ts";
import type { DecideDeps, Decided } from "./decide.ts";
import type { OrderRefund } from "./decision.ts";
import { resolveFirst } from "./resolve.ts";
import { addedWorth, needsTwo } from "./second-person.ts";
import { readReviewSettings } from "./settings.ts";
import type { ReviewSettings } from "./table.ts";
import { type Decider, type Known, knownAs, proposalOf, proposedBy, secondPerson } from "./two-people.ts";

/** What is refunded. A case names the codes that it is about, by their places. */
type Refund = OrderRefund & Pick<RefundWish, "codes">;

/** Refunds that one call tries to make when others change the order at the same time. */
const TRIES = 5;

/**
 * Refunds a paid order, delivered or not: all of it, lines, or pieces of a line, once for each `cause`. A repeat gets what the first call
 * made; another wish under the same cause is refused. An amount over the limit takes two people who decide the same. The refund is on
 * record before it is made.
 */
export async function refundOrder(
  deps: DecideDeps,
  orderId: string,
  refund: Refund,
  by: Decider & { cause: string },
): Promise<Result<Decided>> {
  const planned = await planNow(deps, orderId, refund, by.cause);
  if (!planned.ok) return planned;
  const { order, parts } = planned.value;
  if (parts === undefined) return ok({ kind: "done", order });
  const settings = await readReviewSettings(deps);
  const known = knownAs(by, settings);
  const takesTwo = isForTwo(order, parts, settings);
  const substance = substanceOf(refund);
  const second = takesTwo ? secondPerson(substance, known, order.review?.proposal, settings) : ok("alone" as const);
  if (!second.ok) return second;
  if (second.value === "propose") return propose(deps, order, refund, known);
  const proposal = second.value === "confirm" ? order.review?.proposal : undefined;
  const entry = entryOf(deps, order, refund, known, "order_refunded", proposal);
  const mayBe = (now: Order, some: readonly Part[]) =>
    takesTwo ? now.version === order.version : !isForTwo(now, some, settings);
  return recorded(deps, entry, () => carryOut(deps, order, refund, by.cause, mayBe));
}

/**
 * Refunds an order because a rule or a case says so, once for each `cause`. `by`: what has decided, as `rule:late` or `case:ID`. It takes
 * no two people: whoever made the rule, or decided the case, has answered for it.
 */
export async function refundByRule(
  deps: DecideDeps,
  orderId: string,
  refund: Refund,
  { by, cause }: { by: string; cause: string },
): Promise<Result<Order>> {
  const planned = await planNow(deps, orderId, refund, cause);
  if (!planned.ok) return planned;
  const { order, parts } = planned.value;
  if (parts === undefined) return ok(order);
  const entry = entryOf(deps, order, refund, { operator: by, requestId: cause }, "order_refunded");
  const done = await recorded(deps, entry, () => carryOut(deps, order, refund, cause, () => true, true));
  return done.ok ? ok(done.value.order) : done;
}

type Planned = { order: Order; parts?: Part[] };

/** Says what of the order goes back now. Without parts: this cause has made its refund before. */
async function planNow(deps: DecideDeps, orderId: string, refund: Refund, cause: string): Promise<Result<Planned>> {
  const found = await readOrder(deps, orderId);
  if (found === undefined) return refuse("not_found", "There is no such order.");
  // Another refund is under way: it is finished first.
  const order = isUnwinding(found.state) ? await advance(deps, found) : found;
  const made = order.refunds?.[cause];
  if (made !== undefined) return repeatOf({ order }, made.what === substanceOf(refund), "another refund");
  if (isUnwinding(order.state)) return refuse("busy", "Much of the order is on its way back; repeat this in a moment.");
  if (await isDisputed(deps, order))
    return refuse(
      "payment_disputed",
      "Its money is disputed: a refund would pay the buyer twice. Look again when that has ended.",
    );
  const parts = planRefund(order, refund);
  if (!parts.ok) return parts;
  const isTooOften = (order.refundedAt?.length ?? 0) >= LIMITS.refundRounds && !isAllThatIsLeft(order, parts.value);
  if (isTooOften)
    return refuse("limit_reached", `The order was refunded ${LIMITS.refundRounds} times: give all back that is left.`);
  return ok({ order, parts: parts.value });
}

const isForTwo = (order: Order, parts: readonly Part[], settings: ReviewSettings): boolean =>
  needsTwo(order, { amounts: [worthNow(order, parts)], isKnown: true }, settings);

const worthNow = ({ total: { currency } }: Order, parts: readonly Part[]) => ({ amount: worthOf(parts), currency });

const substanceOf = ({ lines, pieces, codes, evenIfUnresolved }: Refund): string =>
  fingerprintOf({
    refund: lines === undefined ? "all" : [...new Set(lines)].toSorted(),
    pieces,
    codes,
    evenIfUnresolved,
  });

/** Notes what the first of two people has decided. It puts a delivered order before a person, so that a second one finds it. */
async function propose(deps: DecideDeps, order: Order, refund: Refund, by: Known): Promise<Result<Decided>> {
  const now = deps.clock();
  const proposal = proposalOf("refund", substanceOf(refund), by, now);
  const review = { ...(order.review ?? { reason: REFUND_PROPOSED, since: now.toISOString() }), proposal };
  return recorded(deps, entryOf(deps, order, refund, by, "order_refund_proposed"), async () => {
    const moved = await moveOrder(deps, order, { review });
    if (!moved.ok) return refuse("busy", "The order changed while you decided; look again.");
    return ok({ kind: "proposed" as const, order: moved.order });
  });
}

/** Makes the refund. `mayBe`: whether those who have decided may still make it when the order has changed meanwhile. */
async function carryOut(
  deps: DecideDeps,
  planned: Order,
  refund: Refund,
  cause: string,
  mayBe: (order: Order, parts: readonly Part[]) => boolean,
  isByRule = false,
): Promise<Result<Decided>> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const again = await planNow(deps, planned.id, refund, cause);
    if (!again.ok) return again;
    const { order, parts } = again.value;
    if (parts === undefined) return ok({ kind: "done", order });
    if (!mayBe(order, parts)) return refuse("busy", "The order changed while you decided; look again.");
    const undelivered = parts.map(({ line }) => line).filter(({ state }) => state !== "fulfilled");
    const resolved = undelivered.length === 0 ? ok(order) : await resolveFirst(deps, order, undelivered, refund);
    if (!resolved.ok) return resolved;
    // The supplier has answered, and so there is something else to decide.
    if (resolved.value.version !== order.version) continue;
    const worth = isByRule ? {} : addedWorth(order, [worthNow(order, parts)]);
    const change = { ...worth, ...reviewAfter(deps, order, parts, isByRule) };
    const begun = await beginRefund(deps, order, parts, { cause, what: substanceOf(refund) }, change);
    if (!begun.ok) continue;
    const done = await advance(deps, begun.order);
    return ok({ kind: "done", order: isFinal(order.state) ? done : await goOn(deps, done) });
  }
  return refuse("busy", "The order changes too fast to be refunded; look again.");
}

/** What a refund makes of the order's review: it ends with the last line that waited; and so does what somebody had proposed. */
function reviewAfter(deps: DecideDeps, order: Order, parts: readonly Part[], isByRule: boolean): Change {
  const { review } = order;
  if (review === undefined) return {};
  const isGone = ({ id, state }: Order["lines"][number]): boolean =>
    state !== "review" || parts.some(({ line }) => line.id === id);
  const decides = parts.some(({ line }) => line.state !== "fulfilled");
  const by = isByRule ? ("rule" as const) : ("operator" as const);
  const decided = decides ? { decided: { action: "refund" as const, by, at: deps.clock().toISOString() } } : {};
  const isOver = review.reason === REFUND_PROPOSED || (decides && order.lines.every(isGone));
  const { proposal: _confirmed, ...rest } = review;
  return { ...decided, review: isOver ? undefined : rest };
}

/** Has the workflow go on with what is left of an order that was not over. */
async function goOn(deps: DecideDeps, order: Order): Promise<Order> {
  const woken = await wakeUp(deps, order.id);
  return woken === 0 && order.state === "fulfilling" ? nextRun(deps, order) : order;
}

function entryOf(
  deps: DecideDeps,
  order: Order,
  { reason, codes, ...refund }: Refund,
  { operator, person, requestId }: Known,
  action: string,
  proposal?: Review["proposal"],
): AuditEntry {
  return {
    subject: order.id,
    at: deps.clock().toISOString(),
    action,
    by: operator,
    ...(person === undefined ? {} : { person }),
    requestId,
    note: `${reason}${proposedBy(proposal)}`,
    what: factsIn({ ...refund, ...(codes === undefined ? {} : { pieces: codes.length }) }),
    before: { state: order.state, refunded: order.refunded },
  };
}
