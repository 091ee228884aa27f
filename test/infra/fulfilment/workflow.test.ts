import { describe, expect, test } from "vitest";
import { definition } from "../../../infra/workflows/definition.ts";
import { brisk, patient, type RetryPolicy, throttled } from "../../../infra/workflows/retry.ts";

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Retry?: ({ ErrorEquals: string[] } & Partial<RetryPolicy>)[];
  readonly Catch?: { ErrorEquals: string[]; Next: string }[];
  readonly Choices?: { Condition: string; Next: string }[];
  readonly Default?: string;
  readonly TimeoutSeconds?: number | string;
  readonly Arguments?: { Payload: Record<string, string> };
}

const steps = { planOrder: "plan", placeLine: "place", askSupplier: "ask", awaitWakeUp: "await" };
const { StartAt, States } = definition({ steps, retry: patient, partition: "aws" });
const states = Object.entries(States as Record<string, State>);
const tasks = states.filter(([, { Type }]) => Type === "Task");
const isWait = ([name]: [string, State]) => name.startsWith("Wait for");
const healing = [
  { ErrorEquals: ["Lambda.TooManyRequestsException"], ...throttled },
  { ErrorEquals: ["States.ALL"], ...patient },
];

describe("the fulfilment workflow", () => {
  test("has no Fail state: a run that fails stays where it stands and can be redriven from there", () => {
    expect(states.filter(([, { Type }]) => Type === "Fail")).toEqual([]);
  });

  test("retries every task with full jitter and a cap", () => {
    expect(tasks).toHaveLength(5);
    expect(tasks.map(([, { Retry }]) => Retry?.slice(-2))).toEqual(tasks.map(() => healing));
    expect(patient).toMatchObject({ JitterStrategy: "FULL", MaxDelaySeconds: 60 });
  });

  test("catches nothing but the end of a wait, which is no error: what it waited for is looked at", () => {
    const retriesAndCatches = (of: typeof tasks) => of.map(([, { Retry, Catch }]) => ({ Retry, Catch }));
    const limit = ["States.Timeout"];
    const waits = ["Ask the supplier", "Plan the next step"].map((Next) => ({
      Retry: [{ ErrorEquals: limit, MaxAttempts: 0 }, ...healing],
      Catch: [{ ErrorEquals: limit, Next }],
    }));
    expect(retriesAndCatches(tasks.filter(isWait))).toEqual(waits);
    const step = { Retry: healing, Catch: undefined };
    expect(retriesAndCatches(tasks.filter((task) => !isWait(task)))).toEqual([step, step, step]);
  });

  test("gives every task a time limit", () => {
    expect(Object.fromEntries(tasks.map(([name, { TimeoutSeconds }]) => [name, TimeoutSeconds]))).toEqual({
      "Plan the next step": 60,
      "Place what is open": 60,
      "Ask the supplier": 60,
      "Wait for the supplier": "{% $states.input.seconds %}",
      "Wait for a decision": 14 * 24 * 3600,
    });
  });

  test("knows each step that can be next, and fails on any other", () => {
    const choice = (States as Record<string, State>)["What is next?"];
    expect(choice?.Default).toBeUndefined();
    const known = choice?.Choices?.map(({ Condition }) => /'(\w+)'/.exec(Condition)?.[1]);
    expect(known).toEqual(["place", "ask", "plan", "pause", "await_supplier", "await_decision", "done"]);
  });

  test("whoever wakes it says what is next, and after a pause it is what the pause was for", () => {
    const waits = states.filter((state) => isWait(state) || state[1].Type === "Wait");
    expect(new Set(waits.map(([, { Next }]) => Next))).toEqual(new Set(["What is next?"]));
    expect(waits).toHaveLength(3);
  });

  test("every state can be reached, and every way leads to a state", () => {
    const targets = states.flatMap(([, { Next, Choices, Catch }]) =>
      [Next, ...(Choices ?? []).map((it) => it.Next), ...(Catch ?? []).map((it) => it.Next)].filter(
        (it) => it !== undefined,
      ),
    );
    expect(new Set([StartAt, ...targets])).toEqual(new Set(states.map(([name]) => name)));
  });

  test("carries ids only, and how long it waits", () => {
    const carried = tasks.flatMap(([, { Arguments }]) => Object.keys(Arguments?.Payload ?? {}));
    expect(new Set(carried)).toEqual(
      new Set(["orderId", "correlationId", "waitingFor", "taskToken", "execution", "seconds"]),
    );
  });

  test("retries for as long as it says: four minutes at most, seven seconds where people try things out; an hour while the account is full", () => {
    expect(longestWait(patient)).toBe(242);
    expect(longestWait(brisk)).toBe(7);
    expect(longestWait(throttled)).toBe(31 + 115 * 30);
  });
});

function longestWait({ IntervalSeconds, BackoffRate, MaxDelaySeconds, MaxAttempts }: RetryPolicy): number {
  const waits = Array.from({ length: MaxAttempts }, (_, n) =>
    Math.min(IntervalSeconds * BackoffRate ** n, MaxDelaySeconds),
  );
  return waits.reduce((sum, wait) => sum + wait, 0);
}
