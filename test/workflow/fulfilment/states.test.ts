import { DescribeStateMachineCommand, SFNClient, TestStateCommand } from "@aws-sdk/client-sfn";
import { beforeAll, describe, expect, test } from "vitest";
import { credentials } from "../../../infra/local/deploy.ts";
import { brisk, throttled } from "../../../infra/workflows/retry.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";

type State = { Type: string; Retry?: object[]; Resource?: string };

/**
 * The deployed state machine, state by state: what each does with a result or an error that no test can bring about in a
 * running engine, whose functions' errors all have the same name.
 */
describe("each state of the deployed workflow", () => {
  const { awsEndpoint: endpoint, region, workflowArn } = deployedStack();
  // TestState has a host name of its own, which the local engine has not.
  const sfn = new SFNClient({ endpoint, region, credentials, disableHostPrefix: true });
  let states: Record<string, State> = {};

  beforeAll(async () => {
    const { definition = "" } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn: workflowArn }));
    states = (JSON.parse(definition) as { States: Record<string, State> }).States;
  });

  async function run(
    name: string,
    input: object,
    mock?: { result?: string; errorOutput?: { error: string; cause: string } },
  ) {
    const definition = JSON.stringify({ QueryLanguage: "JSONata", ...states[name] });
    const context = JSON.stringify({ Execution: { Input: { orderId: "ord_1", run: 1 } }, Task: { Token: "token" } });
    return sfn.send(
      new TestStateCommand({
        definition,
        input: JSON.stringify(input),
        roleArn: "arn:aws:iam::000000000000:role/test",
        context,
        ...(mock === undefined ? {} : { mock }),
      }),
    );
  }

  const failing = (error: string) => ({ errorOutput: { error, cause: "tested" } });
  const TASKS = ["Plan the next step", "Place what is open", "Ask the supplier"];
  const WAITS = ["Wait for the supplier", "Wait for a decision"];

  test.each([
    ["place", "Place what is open"],
    ["ask", "Ask the supplier"],
    ["plan", "Plan the next step"],
    ["pause", "Pause before the next try"],
    ["await_supplier", "Wait for the supplier"],
    ["await_decision", "Wait for a decision"],
    ["done", "Done"],
  ])("after the step %s comes: %s", async (step, next) => {
    expect(await run("What is next?", { step })).toMatchObject({ status: "SUCCEEDED", nextState: next });
  });

  test("a step that the choice does not know fails the run instead of getting lost", async () => {
    expect((await run("What is next?", { step: "dance" })).status).toBe("FAILED");
  });

  test.each(TASKS)("%s: whatever error comes, it is retried, and never caught", async (name) => {
    for (const error of [
      "Lambda.TooManyRequestsException",
      "States.TaskFailed",
      "States.Timeout",
      "SupplierUnavailable",
    ])
      expect((await run(name, {}, failing(error))).status).toBe("RETRIABLE");
    expect(states[name]?.Retry).toEqual([
      { ErrorEquals: ["Lambda.TooManyRequestsException", "Lambda.Unknown"], ...throttled },
      { ErrorEquals: ["States.ALL"], ...brisk },
    ]);
  });

  test.each([
    ["Wait for the supplier", "Ask the supplier"],
    ["Wait for a decision", "Plan the next step"],
  ])("%s: the end of the wait is no failure, but leads to: %s", async (name, nextState) => {
    expect(await run(name, { seconds: 3 }, failing("States.Timeout"))).toMatchObject({
      status: "CAUGHT_ERROR",
      nextState,
    });
  });

  test.each(WAITS)("%s: a token that could not be stored is stored again", async (name) => {
    expect((await run(name, { seconds: 3 }, failing("Lambda.Unknown"))).status).toBe("RETRIABLE");
  });

  test.each(WAITS)("%s: whoever wakes it says what is next", async (name) => {
    const told = await run(name, { seconds: 3 }, { result: JSON.stringify({ step: "done" }) });
    expect(told).toMatchObject({ status: "SUCCEEDED", nextState: "What is next?" });
    expect(JSON.parse(told.output ?? "{}")).toEqual({ step: "done" });
  });

  test.each(["place", "ask"])(
    "Pause before the next try: what comes after it is to %s, and looks again",
    async (before) => {
      const paused = await run("Pause before the next try", { step: "pause", seconds: 1, before });
      expect(paused).toMatchObject({ status: "SUCCEEDED", nextState: "What is next?" });
      expect(JSON.parse(paused.output ?? "{}")).toEqual({ step: before });
    },
  );
});
