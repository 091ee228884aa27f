import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { brisk, throttled } from "../../../infra/workflows/retry.ts";
import { mockedWorkflow, type Script } from "../../support/fulfilment/mocked-workflow.ts";

// Errors by their names, which the functions of a running engine do not have: every Retry and Catch of the workflow, until
// it gives up.

const next = (step: string, more: object = {}): object => ({ Payload: { step, ...more } });
const woken = (step: string): object => ({ step });
const failing = (Error: string): Script[string] => [{ Throw: { Error, Cause: "tested" } }];

const PLACE = "Place what is open";
const ASK = "Ask the supplier";
const PLAN = "Plan the next step";
const SUPPLIER = "Wait for the supplier";
const DECISION = "Wait for a decision";
const WHAT = "What is next?";

/** How a run gets to each of the states that can fail. */
const wayTo: Record<string, Script> = {
  [PLACE]: {},
  [ASK]: { [PLACE]: [next("ask")] },
  [PLAN]: { [PLACE]: [next("plan")] },
  [SUPPLIER]: { [PLACE]: [next("await_supplier", { seconds: 60 })], [ASK]: [next("done")] },
  [DECISION]: { [PLACE]: [next("await_decision", { seconds: 60 })], [PLAN]: [next("done")] },
};
const TASKS = [PLACE, ASK, PLAN];
const WAITS = [SUPPLIER, DECISION];
const ERRORS = [
  "Lambda.ServiceException",
  "Lambda.TooManyRequestsException",
  "Lambda.Unknown",
  "Sandbox.Timedout",
  "States.TaskFailed",
  "ParameterNotFound",
];

const slug = (...words: string[]): string => words.join("-").replaceAll(/[^A-Za-z.-]/g, "");
const scripts: Record<string, Script> = {};
for (const state of [...TASKS, ...WAITS])
  for (const error of [...ERRORS, "States.Timeout"])
    scripts[slug(state, error)] = { ...wayTo[state], [state]: failing(error) };
scripts["callback"] = { [PLACE]: [next("await_supplier", { seconds: 60 })], [SUPPLIER]: [woken("done")] };
scripts["atonce"] = { [PLACE]: [next("done")] };
scripts["failover"] = {
  [PLACE]: [next("place"), next("await_supplier", { seconds: 60 })],
  [SUPPLIER]: [woken("done")],
};
scripts["paused"] = {
  [PLACE]: [next("pause", { seconds: 60, before: "ask" })],
  [ASK]: [next("pause", { seconds: 60, before: "place" })],
};
scripts["refunded"] = {
  [PLACE]: [next("await_decision", { seconds: 60 })],
  [DECISION]: [woken("plan")],
  [PLAN]: [next("done")],
};
scripts["stranger"] = { [PLACE]: [next("dance")] };
// After the second pause it places, and that is the end.
scripts["paused"][PLACE] = [next("pause", { seconds: 60, before: "ask" }), next("done")];

let workflow: Awaited<ReturnType<typeof mockedWorkflow>>;
beforeAll(async () => {
  workflow = await mockedWorkflow(scripts);
});
afterAll(() => workflow.stop());

describe("a step that fails", () => {
  test.each([...TASKS, ...WAITS].flatMap((state) => ERRORS.map((error) => [state, error] as const)))(
    "%s: %s is retried, and when that is used up the run stands there, in red",
    async (state, error) => {
      const played = await workflow.play(slug(state, error));
      expect(played).toMatchObject({ status: "FAILED", error });
      const { MaxAttempts } = error === "Lambda.TooManyRequestsException" ? throttled : brisk;
      expect(played.failures).toEqual(Array.from({ length: MaxAttempts + 1 }, () => error));
      expect(played.entered.at(-1)).toBe(state);
    },
  );

  test.each(TASKS)("%s: its own time limit is retried as any other failure", async (state) => {
    const played = await workflow.play(slug(state, "States.Timeout"));
    expect(played).toMatchObject({ status: "FAILED", error: "States.Timeout" });
    expect(played.failures).toHaveLength(brisk.MaxAttempts + 1);
  });

  test.each([
    [SUPPLIER, ASK],
    [DECISION, PLAN],
  ])("%s: the end of the wait is no failure and not retried; then comes: %s", async (state, after) => {
    const played = await workflow.play(slug(state, "States.Timeout"));
    expect(played.status).toBe("SUCCEEDED");
    expect(played.failures).toEqual(["States.Timeout"]);
    expect(played.entered.slice(-4)).toEqual([state, after, WHAT, "Done"]);
  });
});

describe("the way of an order through the workflow", () => {
  test.each([
    ["reported by callback", "callback", [PLACE, WHAT, SUPPLIER, WHAT, "Done"]],
    ["delivered in the answer", "atonce", [PLACE, WHAT, "Done"]],
    ["refused by the first source", "failover", [PLACE, WHAT, PLACE, WHAT, SUPPLIER, WHAT, "Done"]],
    ["refunded by an operator", "refunded", [PLACE, WHAT, DECISION, WHAT, PLAN, WHAT, "Done"]],
    [
      "asked about, and tried again",
      "paused",
      [
        PLACE,
        WHAT,
        "Pause before the next try",
        WHAT,
        ASK,
        WHAT,
        "Pause before the next try",
        WHAT,
        PLACE,
        WHAT,
        "Done",
      ],
    ],
  ])("that is %s", async (_what, script, entered) => {
    expect(await workflow.play(script)).toEqual({ status: "SUCCEEDED", error: undefined, entered, failures: [] });
  });

  test("that nobody knows the next step of ends in red", async () => {
    expect(await workflow.play("stranger")).toMatchObject({ status: "FAILED", entered: [PLACE, WHAT] });
  });
});
