import type { Db } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { ok, type Refusal, type Result, refuse } from "../kernel/problem.ts";
import type { AnswerOutcome, DisputeDesk } from "../payments/dispute-contract.ts";
import type { ProviderDeps } from "../payments/providers.ts";
import { askToFollow, type PaymentQueue } from "../payments/queue.ts";
import { reachProvider } from "../payments/reach.ts";
import { type Answer, type Dispute, isComplaint, mayBeAnswered } from "./model.ts";
import { moveDispute } from "./record.ts";
import { readDispute } from "./table.ts";

type Deps = Db<"operations"> & PaymentQueue & { clock: Clock };

/**
 * Decides our one answer to a dispute, which is sent within moments: evidence, or that we accept it. Deciding the same again changes
 * nothing. An answer that the provider has refused may be decided again.
 */
export async function decideAnswer(deps: Deps, id: string, what: Answer["what"], by: string): Promise<Result<Dispute>> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const dispute = await readDispute(deps, id);
    if (dispute === undefined) return noSuchDispute();
    const at = deps.clock().toISOString();
    const { answer } = dispute;
    if (answer?.what === what && answer.state !== "refused") {
      await askToFollow(deps, { dispute: nameOf(dispute) });
      return ok(dispute);
    }
    const whyNot = whyNoAnswer(dispute, at);
    if (whyNot !== undefined) return takesNone(whyNot);
    // A look at it may be under way, which changes it too.
    const moved = await moveDispute(deps, dispute, { answer: { what, by, at, state: "sending" }, dueAt: at });
    if (moved === undefined) continue;
    await askToFollow(deps, { dispute: nameOf(dispute), isChanged: true });
    return ok(moved);
  }
  return refuse("changed_meanwhile", "The dispute changes too fast; look again.");
}

const TRIES = 5;

/** Says why a dispute takes no answer of ours. Undefined: it takes one. */
function whyNoAnswer(dispute: Dispute, at: string): string | undefined {
  const { answer, answerBy } = dispute;
  if (answer !== undefined && answer.state !== "refused") return "It has been answered, and takes one answer.";
  if (!mayBeAnswered(dispute)) return "It does not wait for an answer of ours.";
  return answerBy === undefined || answerBy <= at ? "No answer is taken any more." : undefined;
}

const nameOf = ({ provider, disputeId }: Dispute) => ({ provider, disputeId });
export const noSuchDispute = (): Refusal => refuse("not_found", "There is no such dispute.");
const takesNone = (why: string): Refusal => refuse("dispute_closed", why);

type ReachDeps = Deps & ProviderDeps;

/** Replies to a complaint, for its payer to read. The text goes to the provider and is not stored. */
export const replyToComplaint = (deps: ReachDeps, id: string, text: string): Promise<Result<Dispute>> =>
  tellComplaint(deps, id, (desk, disputeId) => desk.reply?.(disputeId, text));

/** Says that a complaint is done. */
export const completeComplaint = (deps: ReachDeps, id: string): Promise<Result<Dispute>> =>
  tellComplaint(deps, id, (desk, disputeId) => desk.complete?.(disputeId));

async function tellComplaint(
  deps: ReachDeps,
  id: string,
  tell: (desk: DisputeDesk, disputeId: string) => Promise<AnswerOutcome> | undefined,
): Promise<Result<Dispute>> {
  const dispute = await readDispute(deps, id);
  if (dispute === undefined) return noSuchDispute();
  if (!isComplaint(dispute)) return takesNone("It is no complaint: send evidence, or accept it.");
  if (dispute.state === "completed") return takesNone("It is completed.");
  const desk = (await reachProvider(deps, dispute.provider))?.method.disputes;
  const outcome = desk === undefined ? undefined : await tell(desk, dispute.disputeId);
  if (outcome === undefined) return takesNone("Its provider takes no such answer.");
  switch (outcome.kind) {
    case "taken":
      await askToFollow(deps, { dispute: nameOf(dispute), isChanged: true });
      return ok(dispute);
    case "refused":
      return takesNone(`Its provider does not take it: ${outcome.reason}.`);
    case "unknown":
      await askToFollow(deps, { dispute: nameOf(dispute), isChanged: true });
      return refuse("busy", "Nobody knows whether it got through. Look at the dispute in a moment, then say it again.");
    case "not_sent":
      return refuse("busy", "The provider can't be reached now. Nothing was said; say it again in a moment.");
  }
}

/** What the payer writes, as the provider says now. It may name people, so it is asked for each time, and stored nowhere. */
export async function wordsOf(deps: ProviderDeps, { provider, disputeId }: Dispute): Promise<string | undefined> {
  const outcome = await (await reachProvider(deps, provider))?.method.disputes?.query(disputeId);
  return outcome?.kind === "dispute" ? outcome.news.words : undefined;
}
