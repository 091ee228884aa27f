import { setTimeout as sleep } from "node:timers/promises";
import { type AskDeps, askSupplier } from "../../../shared/fulfilment/ask-supplier.ts";
import { type PlaceLineDeps, placeLine } from "../../../shared/fulfilment/place-line.ts";
import { planOrder, type WorkflowStep } from "../../../shared/fulfilment/step.ts";
import type { OrderDeps } from "../../../shared/orders/deps.ts";

/** A clock that runs this many times as fast as the machine's: pauses of minutes are over in seconds. */
export function fastClock(speed: number): () => Date {
  const start = Date.now();
  return () => new Date(start + (Date.now() - start) * speed);
}

/** Longer than this nobody is paused by anything that a test is about. */
const STEPS_AT_MOST = 400;

/**
 * Does by hand what the workflow does: step after step, waiting where it waits, until the order is done or before a person.
 * `speed` is that of the clock in `deps`.
 */
export async function fulfil(
  deps: PlaceLineDeps & AskDeps & OrderDeps,
  orderId: string,
  speed: number,
): Promise<WorkflowStep["step"]> {
  let next: WorkflowStep = { step: "place", lineId: "" };
  for (let steps = 0; steps < STEPS_AT_MOST; steps++) {
    switch (next.step) {
      case "place":
        next = await placeLine(deps, orderId);
        break;
      case "ask":
        next = await askSupplier(deps, orderId);
        break;
      case "plan":
        next = await planOrder(deps, orderId);
        break;
      case "pause":
      case "await_supplier":
        await sleep((next.seconds * 1000) / speed);
        next = { step: next.step === "pause" ? next.before : "ask", lineId: "" };
        break;
      case "await_decision":
      case "done":
        return next.step;
    }
  }
  throw new Error(`order ${orderId} goes round in circles`);
}
