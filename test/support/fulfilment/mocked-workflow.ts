import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { credentials, region } from "../../../infra/local/deploy.ts";
import { startEngine } from "../../../infra/local/engine.ts";
import { definition } from "../../../infra/workflows/definition.ts";
import { brisk } from "../../../infra/workflows/retry.ts";
import { eventually } from "../orders/shop.ts";

/** What each task of a run answers, one after the other; the last answer stays. Others than these are never called. */
export type Script = Record<string, (object | { Throw: { Error: string; Cause: string } })[]>;

export type Played = { status: string; error: string | undefined; entered: string[]; failures: string[] };

/**
 * The workflow on an engine of its own whose tasks answer by script, which is how a named error can be thrown: a real
 * function's errors all have one name there. Waits and pauses take no time.
 */
export async function mockedWorkflow(scripts: Readonly<Record<string, Script>>) {
  const folder = await mkdtemp(join(tmpdir(), "vouchsafe-mocks-"));
  const file = join(folder, "mocks.json");
  await writeFile(file, JSON.stringify(configOf(scripts)));
  const engine = await startEngine({
    logFile: join(folder, "engine.log"),
    settings: { SFN_MOCK_CONFIG: file, SFN_WAIT_SCALE: "0" },
  });
  const sfn = new SFNClient({ endpoint: engine.endpoint, region, credentials });
  const steps = Object.fromEntries(
    ["planOrder", "placeLine", "askSupplier", "awaitWakeUp"].map((name) => [
      name,
      `arn:aws:lambda:${region}:000000000000:function:${name}`,
    ]),
  ) as Parameters<typeof definition>[0]["steps"];
  const { stateMachineArn = "" } = await sfn.send(
    new CreateStateMachineCommand({
      name: MACHINE,
      definition: JSON.stringify(definition({ steps, retry: brisk, partition: "aws" })),
      roleArn: "arn:aws:iam::000000000000:role/test",
    }),
  );

  async function play(script: string): Promise<Played> {
    const started = await sfn.send(
      new StartExecutionCommand({
        stateMachineArn: `${stateMachineArn}#${script}`,
        input: JSON.stringify({ orderId: "ord_1", run: 1 }),
      }),
    );
    const executionArn = started.executionArn ?? "";
    const { status = "", error } = await eventually(async () => {
      const seen = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return seen.status === "RUNNING" ? undefined : seen;
    }, `${script} has ended`);
    const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
    return { status, error, ...pathOf(events) };
  }

  const stop = async (): Promise<void> => {
    await engine.stop();
    await rm(folder, { recursive: true });
  };
  return { play, stop };
}

const MACHINE = "mocked";

function pathOf(events: readonly HistoryEvent[]): Pick<Played, "entered" | "failures"> {
  return {
    entered: events.flatMap((event) => event.stateEnteredEventDetails?.name ?? []),
    failures: events.flatMap((event) => event.taskFailedEventDetails?.error ?? []),
  };
}

/** The format of Step Functions Local, which the engine reads. */
function configOf(scripts: Readonly<Record<string, Script>>): object {
  const named = Object.entries(scripts).flatMap(([script, states]) =>
    Object.entries(states).map(([state, answers]) => ({ script, state, name: `${script} ${state}`, answers })),
  );
  const cases = Object.keys(scripts).map((script) => {
    const states = named.filter((one) => one.script === script).map(({ state, name }) => [state, name]);
    return [script, Object.fromEntries(states)];
  });
  const answersOf = (answers: Script[string]) =>
    answers.map((answer, index) => {
      const attempt = index === answers.length - 1 ? `${index}-999` : String(index);
      return [attempt, "Throw" in answer ? answer : { Return: answer }];
    });
  return {
    StateMachines: { [MACHINE]: { TestCases: Object.fromEntries(cases) } },
    MockedResponses: Object.fromEntries(
      named.map(({ name, answers }) => [name, Object.fromEntries(answersOf(answers))]),
    ),
  };
}
