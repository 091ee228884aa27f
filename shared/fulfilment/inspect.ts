import { DescribeExecutionCommand, ExecutionDoesNotExist } from "@aws-sdk/client-sfn";
import { type AuditRecord, trailOf } from "../audit/table.ts";
import type { Db } from "../aws/dynamo.ts";
import { type Entry, nameOf } from "../ledger/entries.ts";
import { readAccount } from "../ledger/lanes.ts";
import { pendingKey, pendingsIn } from "../ledger/model.ts";
import { readEntry } from "../ledger/statement.ts";
import type { Line, Order } from "../orders/model.ts";
import { readOrder } from "../orders/table.ts";
import { type RunDeps, runName } from "./runs.ts";
import { type OrderInside, showInside } from "./show-inside.ts";

export type Timeline = {
  order: OrderInside;
  workflow: { execution: string; status: string; startedAt?: string; stoppedAt?: string }[];
  supplier: { lineId: string; attempts: NonNullable<Line["attempt"]>[] }[];
  money: { pending?: { amount: number; at: string }; entries: Entry[] };
  audit: AuditRecord[];
};

/** Reads an order's whole life: the order, its runs, what suppliers were asked, its money, and its audit records. */
export async function inspectOrder(
  deps: Db<"orders" | "ledger" | "audit"> & RunDeps,
  id: string,
): Promise<Timeline | undefined> {
  const order = await readOrder(deps, id);
  if (order === undefined) return undefined;
  const [workflow, money, audit] = await Promise.all([runsOf(deps, order), moneyOf(deps, order), trailOf(deps, id)]);
  const supplier = order.lines
    .map(({ id: lineId, history = [], attempt }) => ({
      lineId,
      attempts: [...history, ...(attempt === undefined ? [] : [attempt])],
    }))
    .filter(({ attempts }) => attempts.length > 0);
  return { order: showInside(order), workflow, supplier, money, audit };
}

async function runsOf(deps: RunDeps, order: Order): Promise<Timeline["workflow"]> {
  const numbers = Array.from({ length: order.run }, (_, index) => index + 1);
  const runs = await Promise.all(numbers.map((run) => describeRun(deps, { id: order.id, run })));
  return runs.flat();
}

async function describeRun(deps: RunDeps, order: Pick<Order, "id" | "run">): Promise<Timeline["workflow"]> {
  const execution = runName(order);
  try {
    const executionArn = `${deps.workflowArn.replace(":stateMachine:", ":execution:")}:${execution}`;
    const {
      status = "UNKNOWN",
      startDate,
      stopDate,
    } = await deps.sfn.send(new DescribeExecutionCommand({ executionArn }));
    return [
      {
        execution,
        status,
        ...(startDate === undefined ? {} : { startedAt: startDate.toISOString() }),
        ...(stopDate === undefined ? {} : { stoppedAt: stopDate.toISOString() }),
      },
    ];
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return [];
    throw error;
  }
}

async function moneyOf(deps: Db<"ledger">, order: Order): Promise<Timeline["money"]> {
  const { channelId, id: orderId, epoch, total } = order;
  const account = await readAccount(deps, channelId, total.currency);
  const key = pendingKey(orderId, epoch);
  const { pending } = (account && pendingsIn(account).find((one) => one.key === key)) ?? {};
  const entries: Entry[] = [];
  if (order.fundedAt !== undefined) {
    const sale = await readEntry(
      deps,
      channelId,
      total.currency,
      order.fundedAt,
      nameOf({ kind: "sale", orderId, epoch }),
    );
    if (sale !== undefined) entries.push(sale);
  }
  for (const at of order.refundedAt ?? []) {
    const round = entries.filter((entry) => entry.name.startsWith("refund:")).length + 1;
    const refund = await readEntry(
      deps,
      channelId,
      total.currency,
      at,
      nameOf({ kind: "refund", orderId, epoch, round }),
    );
    if (refund !== undefined) entries.push(refund);
  }
  return { ...(pending === undefined ? {} : { pending: { amount: pending.amount, at: pending.at } }), entries };
}
