import { secondsUntil } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Attempt, Line, Order } from "./model.ts";
import { isUnwinding } from "./states.ts";

/** The next step for an order. A process that wakes up asks again; nobody acts on what an order was before. */
export type Step =
  | { step: "hold" }
  | { step: "expire" }
  | { step: "sell" }
  | { step: "sell_reserved"; lineId: string }
  | { step: "unwind" }
  | { step: "give_back" }
  | { step: "place"; lineId: string }
  | { step: "ask"; lineId: string }
  | { step: "pause"; seconds: number; before: "place" | "ask" }
  | { step: "await_supplier"; seconds: number }
  | { step: "await_decision"; seconds: number }
  | { step: "done" };

/** Says the next step for an order. Pure, so that request, retry, watch, workflow and rerun all decide alike. */
export function plan(order: Order, now: Date): Step {
  if (isUnwinding(order.state)) return { step: "unwind" };
  if (order.dropped !== undefined) return { step: "give_back" };
  if (order.state === "awaiting_payment") return planUnpaid(order, now);
  if (order.state === "open") return { step: "sell" };
  if (order.state !== "fulfilling" && order.state !== "review") return { step: "done" };
  const steps = order.lines.map((line) => planLine(line, now)).filter((step) => step.step !== "done");
  // What can be done now comes first, then the shortest wait.
  return steps.sort((a, b) => urgency(a) - urgency(b))[0] ?? { step: "done" };
}

/** Its codes are held once, and given up when its time is over. In between the buyer may pay. */
function planUnpaid({ expiresAt, heldAt }: Order, now: Date): Step {
  if (expiresAt !== undefined && expiresAt <= now.toISOString()) return { step: "expire" };
  return { step: heldAt === undefined ? "hold" : "done" };
}

function planLine(line: Line, now: Date): Step {
  const { attempt } = line;
  switch (line.state) {
    case "open": {
      // A paid line with tickets was replaced from stock: we sell it.
      if (line.tickets !== undefined) return { step: "sell" };
      if (line.reserved !== undefined) return { step: "sell_reserved", lineId: line.id };
      const seconds = secondsUntil(line.waits?.until ?? now.toISOString(), now);
      return seconds > 0 ? { step: "pause", seconds, before: "place" } : { step: "place", lineId: line.id };
    }
    case "placing":
      // The call that wrote `placing` may still be talking to the supplier. When its time is over, the supplier is
      // asked.
      return attempt === undefined
        ? { step: "place", lineId: line.id }
        : askAt(line.id, new Date(Date.parse(attempt.placedAt) + LIMITS.placingSeconds * 1000).toISOString(), now);
    case "unknown":
      return askAt(line.id, attempt?.nextAskAt ?? now.toISOString(), now);
    case "accepted": {
      const seconds = secondsUntil(nextQuestion(attempt) ?? now.toISOString(), now);
      return seconds > 0 ? { step: "await_supplier", seconds } : { step: "ask", lineId: line.id };
    }
    case "review":
      return { step: "await_decision", seconds: LIMITS.decisionSeconds };
    case "fulfilled":
    case "unwinding":
    case "returned":
      return { step: "done" };
  }
}

function askAt(lineId: string, at: string, now: Date): Step {
  const seconds = secondsUntil(at, now);
  return seconds > 0 ? { step: "pause", seconds, before: "ask" } : { step: "ask", lineId };
}

/**
 * Gives the time of the next question to a supplier that works on a line: at its deadline, or earlier if it has to be
 * asked.
 */
function nextQuestion(attempt: Attempt | undefined): string | undefined {
  return [attempt?.deadline, attempt?.nextAskAt].filter((moment) => moment !== undefined).sort()[0];
}

function urgency(step: Step): number {
  switch (step.step) {
    case "place":
      return -2;
    case "ask":
      return -1;
    case "pause":
    case "await_supplier":
    case "await_decision":
      return step.seconds;
    case "hold":
    case "expire":
    case "sell":
    case "sell_reserved":
    case "unwind":
    case "give_back":
    case "done":
      return -3;
  }
}
