import { type Adjustment, type Discount, inTurn, isOfPrice, PHASES, type Promotion, type WhyNot } from "./promotion.ts";
import { adjust, type CartLine, isFor, sumOf, type Taken, takenBy, type Working } from "./working.ts";

/** The payer whose balance an order is paid from. Every other payer is the account of a promotion. */
export const CHANNEL = "channel";

/** What each payer pays, in minor units. */
export type Paid = Readonly<Record<string, number>>;

/**
 * A priced line. `net` is what its pieces cost after all that was taken off. `paid` is what each payer pays for it: the
 * channel the net without tenders, and other payers what they take off or tender.
 */
export type QuotedLine = { id: string; net: number; adjustments: Adjustment[]; paid: Paid };

/** `total` is what the channel pays. `refused`: promotions that did not apply, and why. */
export type Quote = { total: number; lines: QuotedLine[]; refused: { promotionId: string; why: WhyNot }[] };

/**
 * Prices a cart: phase after phase, and in each of them one promotion after the other, each on what the ones before it
 * have left. Pure, in whole minor units, and the same whatever the order of lines and promotions in the call. A list
 * price times its quantity must be a safe integer: the caller refuses more.
 */
export function quote(cart: readonly CartLine[], promotions: readonly Promotion[]): Quote {
  const lines = cart.map(begin).toSorted((a, b) => (a.line.id < b.line.id ? -1 : 1));
  const refused: Quote["refused"] = [];
  const refuse: Refuse = ({ id: promotionId }, why) => refused.push({ promotionId, why });
  for (const phase of PHASES) {
    const ofPhase = promotions.filter((one) => one.phase === phase).toSorted(inTurn);
    if (phase === "price") replacePrices(lines, ofPhase, refuse);
    else applyInTurn(lines, ofPhase, refuse);
    for (const one of lines) {
      if (phase === "price") one.initial = one.net;
      if (phase === "line") one.afterLine = one.net;
    }
  }
  const quoted = new Map(lines.map((one) => [one.line.id, end(one)]));
  const inTheirOrder = cart.flatMap(({ id }) => quoted.get(id) ?? []);
  return { total: sumOf(inTheirOrder, ({ paid }) => paid[CHANNEL] ?? 0), lines: inTheirOrder, refused };
}

type Refuse = (promotion: Promotion, why: WhyNot) => void;

function begin(line: CartLine): Working {
  const net = line.unitPrice * line.quantity;
  if (!Number.isSafeInteger(net) || net < 0) throw new Error("a price that can't be counted");
  return { line, net, initial: net, afterLine: net, tendered: 0, adjustments: [] };
}

function end({ line: { id }, net, tendered, adjustments }: Working): QuotedLine {
  const paid: Record<string, number> = { [CHANNEL]: net - tendered };
  for (const { payer, amount } of adjustments) if (payer !== undefined) paid[payer] = (paid[payer] ?? 0) + amount;
  return { id, net, adjustments, paid };
}

/** The lowest price that may be asked for each line wins: no piece becomes cheaper than its floor. */
function replacePrices(lines: readonly Working[], promotions: readonly Promotion[], refuse: Refuse): void {
  const applied = new Set<Promotion>();
  const special = promotions.filter(isOfPrice);
  const eligible = (one: Promotion): Working[] => lines.filter((line) => isFor(one, line));
  const isReached = (one: Promotion): boolean => sumOf(eligible(one), ({ initial }) => initial) >= (one.from ?? 0);
  const reached = special.filter(isReached);
  for (const working of lines) {
    const { unitPrice, quantity, floor = 0 } = working.line;
    const allowed = reached.filter((one) => isFor(one, working));
    const lowest = allowed.reduce((low, { price }) => Math.min(low, Math.max(price, floor)), unitPrice);
    const best = allowed.find(({ price }) => Math.max(price, floor) === lowest && lowest < unitPrice);
    if (best === undefined) continue;
    adjust(working, best, (unitPrice - lowest) * quantity);
    applied.add(best);
  }
  for (const one of special) {
    if (applied.has(one)) continue;
    if (eligible(one).length === 0) refuse(one, "not_eligible");
    else refuse(one, reached.includes(one) ? "another_is_better" : "below_threshold");
  }
}

function applyInTurn(lines: readonly Working[], promotions: readonly Promotion[], refuse: Refuse): void {
  const waiting = promotions.filter((one): one is Discount => !isOfPrice(one));
  for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
    const { exclusiveGroup } = next;
    const rivals = waiting.filter((one) => one === next || isRival(one, exclusiveGroup));
    for (const rival of rivals) waiting.splice(waiting.indexOf(rival), 1);
    const best = bestOf(rivals, lines);
    for (const rival of rivals) {
      const taken = takenBy(rival, lines);
      if (rival !== best?.discount) refuse(rival, typeof taken === "string" ? taken : "another_is_better");
    }
    if (best === undefined) continue;
    for (const [line, amount] of best.amounts) adjust(line, best.discount, amount);
    if (best.discount.stops === true) for (const one of waiting.splice(0)) refuse(one, "stopped");
  }
}

const isRival = ({ exclusiveGroup }: Discount, group: string | undefined): boolean =>
  group !== undefined && exclusiveGroup === group;

type Best = Taken & { discount: Discount };

/** Finds the one that takes most off; of equal ones the lower id. Undefined: none takes anything. */
function bestOf(rivals: readonly Discount[], lines: readonly Working[]): Best | undefined {
  let best: Best | undefined;
  for (const discount of rivals.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const taken = takenBy(discount, lines);
    if (typeof taken !== "string" && taken.total > (best?.total ?? 0)) best = { ...taken, discount };
  }
  return best;
}
