import * as z from "zod";
import { recorded } from "../audit/records.ts";
import type { Writes } from "../aws/dynamo.ts";
import { after } from "../kernel/clock.ts";
import { fingerprintOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { CASE_REASONS, isEnd } from "../orders/cases.ts";
import { isDisputed } from "../orders/disputed.ts";
import type { Order } from "../orders/model.ts";
import { readOrder } from "../orders/table.ts";
import { addedWorth, needsTwo } from "../review/second-person.ts";
import { readReviewSettings } from "../review/settings.ts";
import { type Decider, type Known, knownAs, proposalOf, proposedBy, secondPerson } from "../review/two-people.ts";
import { leftToGive, spendWrite } from "./counts.ts";
import type { CaseDeps } from "./deps.ts";
import { CASE_ACTIONS, type Case } from "./model.ts";
import { moveCase, noteCase } from "./move.ts";
import { livingOf } from "./replace.ts";
import { readCaseSettings } from "./settings.ts";
import { readCase } from "./table.ts";
import { type WorkDeps, workOn } from "./work.ts";

/** What a person decides about a case. */
export const CaseChoice = z
  .strictObject({
    action: z.enum(CASE_ACTIONS).meta({
      description:
        "`replace`: other codes of our stock · `refund`: what was paid goes back · `compensate`: pieces more, for nothing · `refuse`.",
    }),
    because: z.enum(CASE_REASONS).optional().meta({
      description: "What the buyer reads as the reason. A refusal needs one.",
    }),
    pieces: z.int().min(1).max(LIMITS.piecesPerCase).optional().meta({
      description: "`compensate`: so many pieces; 1 unless said.",
    }),
    reason: z.string().trim().min(1).max(500).meta({ description: "Goes into the audit trail." }),
  })
  .refine(({ action, because }) => action !== "refuse" || because !== undefined, {
    path: ["because"],
    message: "is needed for a refusal: its buyer reads it",
  })
  .refine(({ action, pieces }) => action === "compensate" || pieces === undefined, {
    path: ["pieces"],
    message: "is for `compensate` alone",
  });
export type CaseChoice = z.infer<typeof CaseChoice>;

/** `done`: carried out, or being so · `proposed`: waits for a second person. */
export type CaseDecided = { kind: "done" | "proposed"; case: Case };

const USUAL_REASON = {
  replace: "did_not_work",
  refund: "goodwill",
  compensate: "goodwill",
  refuse: "not_justified",
} as const;

/**
 * Carries out a person's decision about a case. An amount over the limit takes two people who decide the same, and counts together with
 * all that was given away on the order. The decision is on record before it counts. Deciding twice is safe: the second call finds it decided.
 */
export async function decideCase(
  deps: WorkDeps,
  caseId: string,
  choice: CaseChoice,
  by: Decider,
): Promise<Result<CaseDecided>> {
  const one = await readCase(deps, caseId);
  const order = one === undefined ? undefined : await readOrder(deps, one.orderId);
  if (one === undefined || order === undefined) return refuse("not_found", "There is no such case.");
  if (isEnd(one.state)) return refuse("case_closed", `The case has ended: ${one.state}.`);
  if (one.state === "acting") {
    await workOn(deps, caseId);
    return refuse("case_closed", "The case was decided, and that is being carried out.");
  }
  const gives = choice.action !== "refuse";
  if (gives && (await isDisputed(deps, order)))
    return refuse("payment_disputed", "Its money is disputed: decide when that has ended, or refuse.");
  const settings = await readReviewSettings(deps);
  const known = knownAs(by, settings);
  const stake = gives ? [stakeOf(order, one, choice)] : [];
  const { reason: _said, ...substance } = choice;
  const second = needsTwo(order, { amounts: stake, isKnown: true }, settings)
    ? secondPerson(fingerprintOf(substance), known, one.proposal, settings)
    : ok("alone" as const);
  if (!second.ok) return second;
  if (second.value === "propose") return propose(deps, order, one, choice, known);
  const entry = entryOf(deps, order, one, choice, known, second.value === "confirm" ? one.proposal : undefined);
  const decided = await recorded(deps, entry, () => decideOn(deps, order, one, choice, known, stake));
  if (!decided.ok) return decided;
  const done = await workOn(deps, caseId);
  if (!done.ok) return done;
  return done.value.state === "waiting"
    ? refuse(done.value.waitsFor === "sold_out" ? "sold_out" : "busy", "It could not be done: decide otherwise.")
    : ok({ kind: "done", case: done.value });
}

/** What a decision gives away: what was paid for what the case is about, or for so many pieces more. */
function stakeOf(order: Order, { worth, lineId, tickets }: Case, { action, pieces = 1 }: CaseChoice) {
  if (action !== "compensate") return worth;
  const line = order.lines.find(({ id }) => id === lineId);
  const { currency } = order.total;
  const each = line === undefined ? worth.amount / (tickets?.length ?? 1) : line.unitPrice;
  return { amount: Math.ceil(each) * pieces, currency };
}

async function decideOn(
  deps: CaseDeps,
  order: Order,
  one: Case,
  choice: CaseChoice,
  { operator }: Known,
  stake: Parameters<typeof addedWorth>[1],
): Promise<Result<Case>> {
  const now = deps.clock();
  const { action, because = USUAL_REASON[action], pieces } = choice;
  const at = now.toISOString();
  const decision = { action, reason: because, by: operator, at, ...(pieces === undefined ? {} : { pieces }) };
  const tickets = one.tickets === undefined ? undefined : livingOf(order, one);
  const giving = action === "compensate" ? await giftWrites(deps, stake) : ok([]);
  if (!giving.ok) return giving;
  const change = {
    state: "acting",
    decision,
    tickets,
    proposal: undefined,
    dueAt: after(now, LIMITS.caseLeftSeconds),
  } as const;
  const moved = await moveCase(deps, order, one, change, { order: addedWorth(order, stake), writes: giving.value });
  return moved.ok ? ok(moved.case) : refuse("busy", "The order changed while you decided; look again.");
}

/** What is given for nothing counts against the month's budget, in the write that decides it. */
async function giftWrites(deps: CaseDeps, stake: Parameters<typeof addedWorth>[1]): Promise<Result<Writes>> {
  const now = deps.clock();
  const { compensationBudget: budget } = await readCaseSettings(deps);
  for (const { amount, currency } of stake)
    if (amount > (await leftToGive(deps, currency, budget, now)))
      return refuse("limit_reached", "The month's budget for compensations is used up.");
  return ok(stake.map((money) => spendWrite(deps, money, budget, now)));
}

/** Notes what the first of two people has decided. Only the last proposal counts. */
async function propose(
  deps: CaseDeps,
  order: Order,
  one: Case,
  choice: CaseChoice,
  known: Known,
): Promise<Result<CaseDecided>> {
  const { reason: _said, ...substance } = choice;
  const { action: _action, ...proposal } = proposalOf("refund", fingerprintOf(substance), known, deps.clock());
  const entry = { ...entryOf(deps, order, one, choice, known), action: `case_${choice.action}_proposed` };
  return recorded(deps, entry, async () => {
    if (!(await noteCase(deps, one, { proposal }))) return refuse("busy", "The case has changed; look again.");
    return ok({ kind: "proposed" as const, case: { ...one, proposal } });
  });
}

function entryOf(
  deps: CaseDeps,
  order: Order,
  { id, lineId, state }: Case,
  { action, reason, because, pieces }: CaseChoice,
  { operator, person, requestId }: Known,
  proposal?: Case["proposal"],
) {
  return {
    subject: order.id,
    at: deps.clock().toISOString(),
    action: `case_${action}`,
    by: operator,
    ...(person === undefined ? {} : { person }),
    requestId,
    note: `${reason}${proposedBy(proposal)}`,
    what: { case: id, line: lineId, because: because ?? USUAL_REASON[action], pieces },
    before: { state },
  };
}
