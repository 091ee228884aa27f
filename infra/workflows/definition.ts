import { LIMITS } from "../../shared/kernel/limits.ts";
import { type RetryPolicy, throttled } from "./retry.ts";

/** The functions behind the steps, by their ARNs. */
export type Steps = Readonly<Record<"planOrder" | "placeLine" | "askSupplier" | "awaitWakeUp", string>>;

export interface DefinitionInput {
  readonly steps: Steps;
  readonly retry: RetryPolicy;
  readonly partition: string;
  /** What the engine calls a throttled call of a function, if it has another name for it than AWS. */
  readonly throttledToo?: string | undefined;
  /** Replaces the plan's wait for a supplier. */
  readonly supplierWaitSeconds?: number | undefined;
}

/** A function of a step is stopped after 20 s; this is for a call whose answer got lost. */
const STEP_TIMEOUT_SECONDS = 60;

const jsonata = (expression: string) => `{% ${expression} %}`;

/** The workflow's input is `{ orderId, run, correlationId? }` and never changes: what an order is, stands in its table. */
const orderId = jsonata("$states.context.Execution.Input.orderId");
/** The id in the log lines of the request that it comes from. Orders of earlier versions have none: JSONata must still give something. */
const correlationId = jsonata(
  "$exists($states.context.Execution.Input.correlationId) ? $states.context.Execution.Input.correlationId : ''",
);
const seconds = jsonata("$states.input.seconds");
const answer = jsonata("$states.result.Payload");

/**
 * Makes the workflow's definition. The workflow waits, retries and shows; it decides nothing. Each function reads the
 * order, does its own kind of step if that is due, and returns the next step; a waiting state is woken with the next
 * step. So a redrive, a second run or a late token always does what is due now.
 *
 * Nothing catches a failure: when the retries are used up the execution fails where it stands, in red, and can be redriven from
 * there. A step that the choice does not know fails it too.
 *
 * | state | a rerun there (redrive, new execution, second token) |
 * | --- | --- |
 * | Place what is open | places what is still open; a line being placed, or placed, is left alone: it is asked about when due |
 * | Ask the supplier | asks again: a question moves nothing but by its answer, which is written once |
 * | Plan the next step | takes, gives back and books by names and conditions: what was done is found done |
 * | What is next? | reads its input; a redrive chooses the same way, and the step it leads to looks again |
 * | Pause before the next try | waits again in full, then the next step looks |
 * | Wait for the supplier | stores a token of its own and looks at once; one callback wakes all that wait |
 * | Wait for a decision | the same; one decision wakes all |
 *
 * A top-up that its supplier accepts and reports by callback takes five transitions: place, what is next, wait, what is next, done.
 */
export function definition({ steps, retry, partition, throttledToo, supplierWaitSeconds }: DefinitionInput) {
  const invoke = `arn:${partition}:states:::lambda:invoke`;
  const healing = [
    {
      ErrorEquals: ["Lambda.TooManyRequestsException", ...(throttledToo === undefined ? [] : [throttledToo])],
      ...throttled,
    },
    { ErrorEquals: ["States.ALL"], ...retry },
  ];

  const task = (comment: string, functionName: string) => ({
    Type: "Task",
    Comment: comment,
    Resource: invoke,
    Arguments: { FunctionName: functionName, Payload: { orderId, correlationId } },
    TimeoutSeconds: STEP_TIMEOUT_SECONDS,
    Output: answer,
    Retry: [...healing],
    Next: "What is next?",
  });

  /** Makes a waiting state. The process that wakes it gives the next step; after the longest wait `after` reads the order. */
  const wait = (comment: string, waitingFor: "supplier" | "decision", limit: string | number, after: string) => ({
    Type: "Task",
    Comment: comment,
    Resource: `${invoke}.waitForTaskToken`,
    Arguments: {
      FunctionName: steps.awaitWakeUp,
      Payload: {
        orderId,
        correlationId,
        waitingFor,
        taskToken: jsonata("$states.context.Task.Token"),
        execution: jsonata("$states.context.Execution.Name"),
        seconds: limit,
      },
    },
    TimeoutSeconds: limit,
    Retry: [{ ErrorEquals: ["States.Timeout"], MaxAttempts: 0 }, ...healing],
    Catch: [{ ErrorEquals: ["States.Timeout"], Next: after }],
    Next: "What is next?",
  });

  const when = (step: string, next: string) => ({ Condition: jsonata(`$states.input.step = '${step}'`), Next: next });

  return {
    Comment: "Fulfils an order that its request could not finish. Input: { orderId, run, correlationId? }.",
    QueryLanguage: "JSONata",
    StartAt: "Place what is open",
    States: {
      "Place what is open": task("Chooses the source of what is open, writes that down, then orders.", steps.placeLine),
      "What is next?": {
        Type: "Choice",
        Choices: [
          when("place", "Place what is open"),
          when("ask", "Ask the supplier"),
          when("plan", "Plan the next step"),
          when("pause", "Pause before the next try"),
          when("await_supplier", "Wait for the supplier"),
          when("await_decision", "Wait for a decision"),
          when("done", "Done"),
        ],
      },
      "Ask the supplier": task("Asks what became of the order that is due.", steps.askSupplier),
      "Plan the next step": task("Takes or gives back stock and money where that is due.", steps.planOrder),
      "Pause before the next try": {
        Type: "Wait",
        Seconds: seconds,
        Output: { step: jsonata("$states.input.before") },
        Next: "What is next?",
      },
      "Wait for the supplier": wait(
        "Until the supplier's callback, or until it is late.",
        "supplier",
        supplierWaitSeconds ?? seconds,
        "Ask the supplier",
      ),
      "Wait for a decision": wait(
        "Until an operator decides, 14 days at most.",
        "decision",
        LIMITS.decisionSeconds,
        "Plan the next step",
      ),
      Done: { Type: "Succeed" },
    },
  };
}
