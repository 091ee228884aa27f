import { after } from "../kernel/clock.ts";
import { idOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { CaseState } from "../orders/cases.ts";
import { toldReview } from "../orders/events.ts";
import type { Order } from "../orders/model.ts";
import { isFinal } from "../orders/states.ts";
import type { Medium, SendOutcome } from "./contract.ts";

/**
 * What a buyer is told of an order: that its goods are there, are late, wait for a person, or that money goes back; and of what was asked
 * for after the sale: that we look into it, that there is something new, or that we can't do it. Money that goes back is told as such.
 */
export const TURNS = [
  "delivered",
  "delayed",
  "in_review",
  "refunded",
  "case_opened",
  "case_helped",
  "case_refused",
] as const;
export type Turn = (typeof TURNS)[number];

/**
 * What a buyer is written beside that, because somebody has asked for it: the link to the order's page, when it was made anew, a
 * one-time link, when a buyer looks for the order, and a one-time code, when its page is to show the goods of a dear order.
 */
export const ASKED = ["link", "found", "code"] as const;
export const TEMPLATES = [...TURNS, ...ASKED] as const;
export type TemplateName = (typeof TEMPLATES)[number];

/** A turn that an order has taken, or what was asked for. `occasion` tells it from others of its kind, and is the same however often we look. */
export type Taken = { turn: TemplateName; occasion: string };

/**
 * The events after which an order may have taken a turn. They only make us look: what is told is read from the order itself, so an
 * event that is lost or late makes a message late, and never wrong.
 */
export const TELLING_EVENTS = [
  "order.fulfilled",
  "order.partly_fulfilled",
  "order.overdue",
  "order.review_opened",
  "order.refunded",
  "order.cancelled",
  "order.case_opened",
  "order.case_closed",
] as const;

/** Gives the turns that an order has taken and that still hold: what is over before it could be told helps nobody. */
export function turnsOf(order: Order): (Taken & { turn: Turn })[] {
  const { state, epoch, refundedAt = [], refunded, overdue } = order;
  const turns: (Taken & { turn: Turn })[] = [];
  const review = toldReview(order);
  if (state === "fulfilled" || state === "partly_fulfilled")
    turns.push({ turn: "delivered", occasion: `${epoch}.${timesReversed(order)}` });
  // A refund that its provider can't make says nothing about the goods.
  if (review !== undefined && review.refundId === undefined) turns.push({ turn: "in_review", occasion: review.since });
  const isLate = review === undefined ? overdue === true : review.escalatedAt !== undefined;
  if (isLate && !isFinal(state)) turns.push({ turn: "delayed", occasion: review?.escalatedAt ?? `${epoch}` });
  // A round is counted when its money is on its way.
  if (refunded > 0) turns.push({ turn: "refunded", occasion: `${refundedAt.length}` });
  for (const { id, state: stateOfCase } of order.cases ?? []) {
    const turn = CASE_TURN[stateOfCase];
    if (turn !== undefined) turns.push({ turn, occasion: id });
  }
  return turns;
}

/** What a buyer is told of a case in this state. What a rule decides at once is told by its end alone. */
const CASE_TURN: Readonly<Partial<Record<CaseState, Turn>>> = {
  asking: "case_opened",
  waiting: "case_opened",
  replaced: "case_helped",
  compensated: "case_helped",
  delivered: "case_helped",
  refused: "case_refused",
};

/** How often a supplier took back what it had delivered: after that the order is delivered anew. */
const timesReversed = ({ lines }: Order): number =>
  lines
    .flatMap(({ attempt, history = [] }) => [...history, ...(attempt === undefined ? [] : [attempt])])
    .filter(({ outcome }) => outcome === "reversed").length;

/**
 * The state of a message. `sending`: a call has it, until its lease is over · `waiting`: to be sent when it is due · `sent`: its sender has
 * taken it · `unsure`: two answers were lost, it may have been sent · `refused`: its sender won't take it · `withheld`: a rule of ours is
 * against it · `obsolete`: what it would tell was over before it could be sent.
 */
export const MESSAGE_STATES = ["sending", "waiting", "sent", "unsure", "refused", "withheld", "obsolete"] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

/** The legal moves of a message. From what has none it never moves again. */
export const MESSAGE_MOVES: Readonly<Record<MessageState, readonly MessageState[]>> = {
  sending: ["sending", "waiting", "sent", "unsure", "refused", "withheld", "obsolete"],
  waiting: ["sending", "obsolete"],
  // Its sender tells later that it came back.
  sent: ["sent"],
  unsure: [],
  refused: [],
  withheld: [],
  obsolete: [],
};

export type Message = {
  id: string;
  orderId: string;
  channelId: string;
  /** Our template: a turn of the order, a reminder, a one-time code. */
  template: string;
  occasion: string;
  medium: Medium;
  sender: string;
  /** The recipient, as a keyed hash. */
  to: string;
  state: MessageState;
  createdAt: string;
  /** Rises with each change, which is conditional on it. */
  version: number;
  /** `sending`: when another call may take it. `waiting`: when it is to be sent. */
  dueAt?: string;
  /** Calls whose answer was lost. */
  lost: number;
  /** Times that it certainly was not sent, in a row. */
  notSent: number;
  sentAt?: string;
  senderMessageId?: string;
  /** Why it was not sent, in a word of ours. */
  reason?: string;
  /** Nobody reaches this recipient, as the sender said: at once, or later. */
  unreachable?: true;
};

/** Gives the name of a message: the same turn of the same order is the same message. */
export const messageIdOf = (orderId: string, template: string, occasion: string): string =>
  idOf("msg", orderId, template, occasion);

type Changed = Partial<Omit<Message, "id" | "version">> & { state: MessageState };

/** How a message whose answer was lost may be sent again: once for a turn of an order, never for a one-time code. */
export type Resend = 0 | 1;

/** A call that had the message has died, or got no answer: it may have been sent. Undefined: it can be sent again, now. */
export function afterLoss(message: Message, resend: Resend): Changed | undefined {
  return message.lost >= resend ? { state: "unsure", lost: message.lost + 1, reason: "answer_lost" } : undefined;
}

/** Gives what a message becomes after its sender has answered. */
export function afterSending(message: Message, outcome: SendOutcome, now: Date, resend: Resend): Changed {
  switch (outcome.kind) {
    case "sent":
      return { state: "sent", sentAt: now.toISOString(), senderMessageId: outcome.senderMessageId };
    case "refused":
      return {
        state: "refused",
        reason: outcome.reason,
        ...(outcome.about === "recipient" ? { unreachable: true } : {}),
      };
    case "unknown": {
      const lost = message.lost + 1;
      const { reason } = outcome;
      return (
        afterLoss(message, resend) ?? { state: "waiting", lost, reason, dueAt: after(now, LIMITS.messageAgainSeconds) }
      );
    }
    case "not_sent": {
      const { reason, retryAfterSeconds = 0 } = outcome;
      const seconds = Math.max(
        waitAfter(message.notSent),
        Math.min(retryAfterSeconds, LIMITS.longestMessageWaitSeconds),
      );
      return { state: "waiting", reason, notSent: message.notSent + 1, dueAt: after(now, seconds) };
    }
  }
}

/** A sender's outage delays: half a minute first, doubled each time, at most a quarter of an hour. */
export const waitAfter = (notSent: number): number =>
  Math.min(LIMITS.messageAgainSeconds * 2 ** Math.min(notSent, 20), LIMITS.longestMessageWaitSeconds);
