import { after } from "../kernel/clock.ts";
import { idOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { DisputeNews, DisputeState, Moved } from "../payments/dispute-contract.ts";
import type { Booked } from "./position.ts";

/**
 * All legal moves. The provider's word counts, and its news may be skipped, late or twice: a dispute may be met in any state. What can't
 * be is that a bank takes back that it has decided, or that it has our evidence: then the news is older than what we know.
 */
export const DISPUTE_MOVES: Record<DisputeState, readonly DisputeState[]> = {
  inquiry: ["inquiry", "inquiry_answered", "inquiry_closed", "opened", "answered", "won", "lost"],
  inquiry_answered: ["inquiry_answered", "inquiry_closed", "opened", "answered", "won", "lost"],
  // An inquiry that was closed can still become a dispute.
  inquiry_closed: ["inquiry_closed", "opened", "answered", "won", "lost"],
  opened: ["opened", "answered", "won", "lost"],
  answered: ["answered", "won", "lost"],
  // Banks go on among themselves, and what was decided may be decided again.
  won: ["won", "lost"],
  lost: ["lost", "won"],
  complained: ["complained", "replied", "completed"],
  // A payer who is not content complains again.
  replied: ["replied", "completed", "complained"],
  completed: ["completed", "complained", "replied"],
};

/** What we tell the provider, once: `evidence` for our side, or that we `accept` it. */
export const ANSWERS = ["evidence", "accept"] as const;

/**
 * Our one answer to a dispute. `sending`: decided, the provider may not have it · `sent`: it has it · `refused`: it does not take it.
 * `at`: when it was decided; evidence says what was known then, so that it is the same each time that it is made.
 */
export type Answer = {
  what: (typeof ANSWERS)[number];
  /** Who decided it: a person's principal, or the rule that sends it by itself. */
  by: string;
  at: string;
  state: "sending" | "sent" | "refused";
  reason?: string;
  /** A hash of what was sent. */
  digest?: string;
};

/** A dispute or complaint about a payment, as its provider said when it was asked last. */
export type Dispute = Omit<DisputeNews, "words" | "paymentId"> & {
  /** Our name for it. */
  id: string;
  /** Rises with each change. Every change is conditional on it. */
  version: number;
  provider: string;
  /** The provider's name for it. */
  disputeId: string;
  paymentId: string;
  channelId: string;
  /** The order that was paid for. Absent: the payment is a deposit, or pays a subscription. */
  orderId?: string;
  seenAt: string;
  answer?: Answer;
  /** What is on the books of it, and how many entries that took. */
  booked: Booked;
  entries: number;
  /** What became of the goods of an order whose payment was lost: back in stock, or delivered all the same. */
  goods?: "back" | "kept";
  /** How many states it has been in, and the last of them that was told on the bus. */
  turn: number;
  told?: number;
  /** The deadline of which somebody was warned. */
  warnedOf?: string;
  /** Questions in a row that brought no answer, and when it is due to be looked at. Absent: nothing is left to do. */
  asked: number;
  dueAt?: string;
  correlationId?: string;
};

/** Our name for a provider's dispute. */
export const disputeIdFor = (provider: string, disputeId: string): string => idOf("dsp", provider, disputeId);

const COMPLAINTS: readonly DisputeState[] = ["complained", "replied", "completed"];
export const isComplaint = ({ state }: Pick<Dispute, "state">): boolean => COMPLAINTS.includes(state);

/** Tells whether the payer, or the bank, waits for evidence of ours. */
export const mayBeAnswered = ({ state, isAnswered }: Pick<Dispute, "state" | "isAnswered">): boolean =>
  (state === "inquiry" || state === "opened") && !isAnswered;

/** Gives what a provider has taken and not given back. */
export const heldOf = ({ taken, givenBack }: Moved): number => taken - givenBack;

/** Tells whether nothing is left to happen. A dispute that was won is over when the money is back. */
export function isOver({ state, funds }: Pick<Dispute, "state" | "funds">): boolean {
  if (state === "won" || state === "inquiry_closed") return heldOf(funds) === 0;
  return state === "lost" || state === "completed";
}

/** Tells whether news is older than what we know: it makes an illegal move, or less money has moved. */
export const isStale = (known: Pick<Dispute, "state" | "funds" | "fees">, news: DisputeNews): boolean =>
  !DISPUTE_MOVES[known.state].includes(news.state) ||
  (["funds", "fees"] as const).some(
    (of) => news[of].taken < known[of].taken || news[of].givenBack < known[of].givenBack,
  );

/** The deadline that runs: to answer, or, of a complaint that has a reply, to be done with it. */
export function deadlineOf(dispute: Pick<Dispute, "state" | "isAnswered" | "answerBy" | "completeBy">) {
  if (mayBeAnswered(dispute) || dispute.state === "complained") return dispute.answerBy ?? dispute.completeBy;
  return dispute.state === "replied" ? dispute.completeBy : undefined;
}

/** What can be done next for a dispute. */
export type DisputeStep =
  | { step: "ask" }
  | { step: "tell" }
  | { step: "decide_answer" }
  | { step: "answer"; answer: Answer }
  | { step: "warn"; deadline: string }
  | { step: "take_back" }
  | { step: "wait" }
  | { step: "done" };

/**
 * Says the next step for a dispute. Pure, so that the notification, the schedule and an operator all decide alike. `isAsked`: its provider
 * has just been asked. What we send by ourselves goes only after that: it goes once, and somebody may have sent it elsewhere.
 */
export function planDispute(dispute: Dispute, now: Date, isAsked: boolean): DisputeStep {
  const at = now.toISOString();
  const { dueAt, answer, state, goods, orderId, warnedOf } = dispute;
  if (!isAsked && dueAt !== undefined && dueAt <= at) return { step: "ask" };
  if (dispute.told !== dispute.turn) return { step: "tell" };
  const isTaken = state === "lost" && heldOf(dispute.funds) > 0;
  if (isTaken && orderId !== undefined && goods === undefined) return { step: "take_back" };
  if (isAsked && mayBeAnswered(dispute) && dispute.answerBy !== undefined && at < dispute.answerBy) {
    if (answer?.state === "sending") return { step: "answer", answer };
    if (answer === undefined && evidenceAt(dispute.answerBy) <= at) return { step: "decide_answer" };
  }
  const deadline = deadlineOf(dispute);
  if (deadline !== undefined && warnedOf !== deadline && warningAt(deadline) <= at) return { step: "warn", deadline };
  return { step: dueAt === undefined ? "done" : "wait" };
}

/** When evidence goes by itself, and when a person is warned that a deadline runs out. */
const evidenceAt = (deadline: string): string => after(new Date(deadline), -LIMITS.evidenceLeadSeconds);
const warningAt = (deadline: string): string => after(new Date(deadline), -LIMITS.deadlineWarningSeconds);

/** Says when a dispute that has just been asked about is due again: after some hours, or earlier because of a deadline. */
export function nextLook(dispute: Dispute, now: Date): string | undefined {
  if (isOver(dispute)) return undefined;
  const seconds = dispute.answer?.state === "sending" ? LIMITS.unsentAnswerSeconds : LIMITS.disputeLookSeconds;
  const deadline = deadlineOf(dispute);
  const moments = deadline === undefined ? [] : [evidenceAt(deadline), warningAt(deadline)];
  const at = now.toISOString();
  const [first] = [after(now, seconds), ...moments.filter((moment) => moment > at)].toSorted();
  return first;
}
