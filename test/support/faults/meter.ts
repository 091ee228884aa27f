import type { Domain } from "../engine/domain.ts";

/** One AWS call of a sale: which step it belongs to, and what it costs. */
export type Metered = { step: string; wcu: number; rcu: number; kms: number; refused: boolean };

type Input = Record<string, unknown> & { TableName?: string; RequestItems?: Record<string, unknown> };
type Output = Record<string, unknown> & {
  ConsumedCapacity?: { CapacityUnits?: number } | { CapacityUnits?: number }[];
};
type Next = (args: { input: Input }) => Promise<{ output: Output }>;
type Stack = { add: (middleware: never, options: never) => void };

const READS = ["GetItem", "BatchGetItem", "Query"];

/**
 * Puts a meter on every call of these use cases, and gives what it has counted so far. Write units are the engine's own figure, index writes and transactions at
 * double price included. Read units are counted here, from the bytes that came back, for the engine's are not by size.
 */
export function metered(deps: Domain): Metered[] {
  const calls: Metered[] = [];
  const meter =
    (next: Next, { commandName = "" }: { commandName?: string }) =>
    async ({ input, ...rest }: { input: Input }) => {
      const name = commandName.replace(/Command$/, "");
      const isKms = ["Decrypt", "GenerateDataKey", "GenerateMac"].includes(name);
      const call: Metered = {
        step: stepOf(name, input, deps.tables),
        wcu: 0,
        rcu: 0,
        kms: isKms ? 1 : 0,
        refused: false,
      };
      calls.push(call);
      try {
        const metered = isKms ? input : { ...input, ReturnConsumedCapacity: "TOTAL" };
        const answer = await next({ ...rest, input: metered });
        if (READS.includes(name)) call.rcu = readUnits(input, answer.output);
        else if (!isKms) call.wcu = writeUnits(answer.output);
        return answer;
      } catch (error) {
        call.refused = error instanceof Error && /ConditionalCheckFailed|TransactionCanceled/.test(error.name);
        // A refused write costs what a successful one of that size would.
        if (call.refused) call.wcu = Math.max(1, Math.ceil(bytesOf((error as { Item?: unknown }).Item) / 1024));
        throw error;
      }
    };
  const options = { step: "initialize", name: "meter", priority: "low" };
  for (const { middlewareStack } of [deps.db, deps.kms])
    (middlewareStack as unknown as Stack).add(meter as never, options as never);
  return calls;
}

/** The words of the design: ticket, order, money, slot, finish, post. */
function stepOf(name: string, input: Input, tables: Domain["tables"]): string {
  const table = input.TableName ?? Object.keys(input.RequestItems ?? {})[0];
  const named = (Object.keys(tables) as (keyof Domain["tables"])[]).find((key) => tables[key] === table) ?? "";
  if (READS.includes(name)) return `read ${named}`;
  const key = JSON.stringify(input["Key"] ?? input["Item"] ?? "");
  switch (named) {
    case "inventory":
      if (key.includes("range#")) return "ticket";
      return key.includes("slab#") ? "slot" : "sold-out mark";
    case "orders":
      if (/person#|contacts#/.test(key)) return "whose order it is";
      return name === "PutItem" ? "order and its index" : "finish";
    case "ledger":
      if (name === "BatchWriteItem") return "entry";
      return String(input["UpdateExpression"]).includes("REMOVE") ? "post" : "money";
    default:
      return named === "" ? name : named;
  }
}

function writeUnits({ ConsumedCapacity }: Output): number {
  return [ConsumedCapacity ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}

/** Half a unit for each 4 KB, a whole one when read strongly. */
function readUnits(input: Input, output: Output): number {
  const half = (strong: unknown): number => (strong === true ? 1 : 0.5);
  const blocks = (item: unknown): number => Math.max(1, Math.ceil(bytesOf(item) / 4096));
  if (input.RequestItems !== undefined) {
    const found = (output["Responses"] ?? {}) as Record<string, unknown[]>;
    const asked = input.RequestItems as Record<string, { Keys: unknown[]; ConsistentRead?: boolean }>;
    return Object.entries(asked).reduce((sum, [table, { Keys, ConsistentRead }]) => {
      const items = found[table] ?? [];
      const ofItems = items.reduce<number>((sum, item) => sum + blocks(item), Keys.length - items.length);
      return sum + half(ConsistentRead) * ofItems;
    }, 0);
  }
  return half(input["ConsistentRead"]) * blocks(output["Item"] ?? output["Items"]);
}

/** About what DynamoDB counts: names, and values without their type tags. */
export function bytesOf(item: unknown): number {
  if (item === undefined || item === null) return 0;
  if (item instanceof Uint8Array) return item.length;
  if (typeof item === "string") return Buffer.byteLength(item);
  if (Array.isArray(item)) return item.reduce<number>((sum, one) => sum + 1 + bytesOf(one), 3);
  if (typeof item === "object")
    return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + bytesOf(value) + 1, 0);
  return 8;
}

export type Bill = { calls: number; wcu: number; rcu: number; kms: number };

export function billOf(calls: readonly Metered[]): Bill {
  const bill: Bill = { calls: calls.length, wcu: 0, rcu: 0, kms: 0 };
  for (const { wcu, rcu, kms } of calls) {
    bill.wcu += wcu;
    bill.rcu += rcu;
    bill.kms += kms;
  }
  return bill;
}

/** The bill split by step, each divided by `pieces`. */
export function billBySteps(calls: readonly Metered[], pieces = 1): Record<string, Bill> {
  const steps = Object.entries(Object.groupBy(calls, ({ step }) => step));
  return Object.fromEntries(steps.map(([step, some]) => [step, perPiece(billOf(some ?? []), pieces)]));
}

export function perPiece(bill: Bill, pieces: number): Bill {
  const share = (units: number): number => Math.round((units / pieces) * 100) / 100;
  return { calls: share(bill.calls), wcu: share(bill.wcu), rcu: share(bill.rcu), kms: share(bill.kms) };
}
