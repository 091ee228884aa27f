import { LIMITS } from "../../shared/kernel/limits.ts";
import type { RetryPolicy } from "./retry.ts";

/** The functions behind the steps, by their ARNs. */
export type Steps = Readonly<Record<"planOrder" | "placeLine" | "askSupplier" | "awaitWakeUp", string>>;

export interface DefinitionInput {
  readonly steps: Steps;
  readonly retry: RetryPolicy;
  readonly partition: string;
  /** Instead of what the plan says. */
  readonly supplierWaitSeconds?: number | undefined;
}

/** A function of a step is stopped after 20 s; this is for a call whose answer got lost. */
const STEP_TIMEOUT_SECONDS = 60;

const jsonata = (expression: string) => `{% ${expression} %}`;

/** The workflow's input is `{ orderId, run }` and never changes: what an order is, stands in its table. */
const orderId = jsonata("$states.context.Execution.Input.orderId");
const lineId = jsonata("$states.input.lineId");
const seconds = jsonata("$states.input.seconds");
const answer = jsonata("$states.result.Payload");

/**
 * Waits, retries and shows; it decides nothing. Each function returns the next step, and each waking up plans anew, so that a
 * redrive, a second run or a late token at any place only asks again what there is to do.
 *
 * Nothing catches a failure: when the retries are used up the execution fails where it stands, in red, and can be redriven from
 * there. A step that the choice does not know fails it too.
 */
export function definition({ steps, retry, partition, supplierWaitSeconds }: DefinitionInput) {
  const invoke = `arn:${partition}:states:::lambda:invoke`;

  const task = (comment: string, functionName: string, payload: Record<string, string>) => ({
    Type: "Task",
    Comment: comment,
    Resource: invoke,
    Arguments: { FunctionName: functionName, Payload: payload },
    TimeoutSeconds: STEP_TIMEOUT_SECONDS,
    Output: answer,
    Retry: [{ ErrorEquals: ["States.ALL"], ...retry }],
    Next: "What is next?",
  });

  /** Being woken and having waited long enough are the same: look again. */
  const wait = (comment: string, waitingFor: "supplier" | "decision", limit: string | number) => ({
    Type: "Task",
    Comment: comment,
    Resource: `${invoke}.waitForTaskToken`,
    Arguments: {
      FunctionName: steps.awaitWakeUp,
      Payload: { orderId, waitingFor, taskToken: jsonata("$states.context.Task.Token") },
    },
    TimeoutSeconds: limit,
    Retry: [
      { ErrorEquals: ["States.Timeout"], MaxAttempts: 0 },
      { ErrorEquals: ["States.ALL"], ...retry },
    ],
    Catch: [{ ErrorEquals: ["States.Timeout"], Next: "Plan the next step" }],
    Next: "Plan the next step",
  });

  const when = (step: string, next: string) => ({ Condition: jsonata(`$states.input.step = '${step}'`), Next: next });

  return {
    Comment: "Fulfils an order that its request could not finish. Input: { orderId, run }.",
    QueryLanguage: "JSONata",
    StartAt: "Plan the next step",
    States: {
      "Plan the next step": task("Reads the order; takes or gives back stock where that is due.", steps.planOrder, {
        orderId,
      }),
      "What is next?": {
        Type: "Choice",
        Choices: [
          when("place", "Place with the supplier"),
          when("ask", "Ask the supplier"),
          when("pause", "Pause before asking"),
          when("await_supplier", "Wait for the supplier"),
          when("await_decision", "Wait for a decision"),
          when("done", "Done"),
        ],
      },
      "Place with the supplier": task("Writes the attempt down, then orders one line.", steps.placeLine, {
        orderId,
        lineId,
      }),
      "Ask the supplier": task("Asks what became of a line's order.", steps.askSupplier, { orderId, lineId }),
      "Pause before asking": { Type: "Wait", Seconds: seconds, Next: "Plan the next step" },
      "Wait for the supplier": wait(
        "Until the supplier's callback, or until it is late.",
        "supplier",
        supplierWaitSeconds ?? seconds,
      ),
      "Wait for a decision": wait("Until an operator decides, 14 days at most.", "decision", LIMITS.decisionSeconds),
      Done: { Type: "Succeed" },
    },
  };
}
