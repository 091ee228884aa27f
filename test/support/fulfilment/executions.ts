import {
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  paginateListExecutions,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { credentials } from "../../../infra/local/deploy.ts";
import type { LocalStack } from "../../../infra/local/stack-file.ts";
import { eventually } from "../orders/shop.ts";

export type Execution = { arn: string; name: string; status: string };

const clients = new Map<string, SFNClient>();

function client({ awsEndpoint, region }: LocalStack): SFNClient {
  const known = clients.get(awsEndpoint) ?? new SFNClient({ endpoint: awsEndpoint, region, credentials });
  clients.set(awsEndpoint, known);
  return known;
}

const arnOf = ({ workflowArn }: LocalStack, name: string) =>
  `${workflowArn.replace(":stateMachine:", ":execution:")}:${name}`;

/** Every run of an order's workflow, whoever started it: their names begin with the order's id. */
export async function executionsOf(stack: LocalStack, orderId: string): Promise<Execution[]> {
  const found: Execution[] = [];
  const pages = paginateListExecutions(
    { client: client(stack), pageSize: 1000 },
    { stateMachineArn: stack.workflowArn },
  );
  for await (const { executions = [] } of pages)
    for (const { name = "", status = "" } of executions)
      if (name.startsWith(`${orderId}-`)) found.push({ arn: arnOf(stack, name), name, status });
  return found;
}

/** All that happened in a run so far; nothing as long as it has not begun. */
export async function historyOf(stack: LocalStack, name: string): Promise<HistoryEvent[]> {
  const command = new GetExecutionHistoryCommand({ executionArn: arnOf(stack, name), maxResults: 1000 });
  try {
    return (await client(stack).send(command)).events ?? [];
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return [];
    throw error;
  }
}

/** The console's "New execution": the order's input again, under another name. */
export async function newExecution(stack: LocalStack, orderId: string, suffix: string): Promise<string> {
  const name = `${orderId}-${suffix}`;
  const input = JSON.stringify({ orderId, run: 1 });
  await client(stack).send(new StartExecutionCommand({ stateMachineArn: stack.workflowArn, name, input }));
  return name;
}

/** The console's "Stop execution". */
export async function stopExecution(stack: LocalStack, name: string): Promise<void> {
  await client(stack).send(new StopExecutionCommand({ executionArn: arnOf(stack, name) }));
}

/** All runs of an order, once none of them is running any more. */
export async function endedExecutions(stack: LocalStack, orderId: string): Promise<Execution[]> {
  return eventually(async () => {
    const runs = await executionsOf(stack, orderId);
    return runs.length > 0 && runs.every(({ status }) => status !== "RUNNING") ? runs : undefined;
  }, `all executions of ${orderId} ended`);
}

/** How often a state was entered in the runs of an order. */
export async function timesEntered(stack: LocalStack, orderId: string, state: string): Promise<number> {
  const runs = await executionsOf(stack, orderId);
  const histories = await Promise.all(runs.map(({ name }) => historyOf(stack, name)));
  return histories.flat().filter((event) => event.stateEnteredEventDetails?.name === state).length;
}

/** Waits until the run is in this state. */
export async function runIn(stack: LocalStack, name: string, state: string): Promise<void> {
  await eventually(async () => {
    const entered = (await historyOf(stack, name)).flatMap((event) => event.stateEnteredEventDetails?.name ?? []);
    return entered.at(-1) === state ? true : undefined;
  }, `${name} in "${state}"`);
}
