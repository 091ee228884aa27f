import { AsyncLocalStorage } from "node:async_hooks";
import type { Usage } from "./prices.ts";

type Stack = { middlewareStack: { add: (middleware: never, options: never) => void } };
type Next = (args: unknown) => Promise<{ output: Record<string, unknown> }>;
type Input = Record<string, unknown> & {
  ConsistentRead?: boolean;
  RequestItems?: Record<string, { ConsistentRead?: boolean }>;
};

/** A call that AWS charges for. `error` is what it was refused with. */
type Call = {
  name: string;
  by: string | undefined;
  usage: Usage;
  input: Input;
  error?: { name: string; Item?: unknown };
};

const READ_UNIT = 4096;

/** Notes every AWS call of the clients it watches, with the units that AWS would charge for it. */
export class Meter {
  private calls: Call[] = [];
  private readonly caller = new AsyncLocalStorage<string>();

  /** The calls that this makes, however deep, are noted as made by `who`. */
  as<T>(who: string, work: () => Promise<T>): Promise<T> {
    return this.caller.run(who, work);
  }

  watch<C extends object>(client: C): C {
    const middleware =
      (next: Next, { commandName = "?" }: { commandName?: string }) =>
      async (args: { input: Input }) => {
        const name = commandName.replace(/Command$/, "");
        const call: Call = { name, by: this.caller.getStore(), usage: {}, input: args.input };
        this.calls.push(call);
        const isWrite = /^(PutItem|UpdateItem|DeleteItem|BatchWriteItem|TransactWriteItems)$/.test(name);
        const input = isWrite ? { ...args.input, ReturnConsumedCapacity: "TOTAL" } : args.input;
        try {
          const result = await next({ ...args, input });
          call.usage = isWrite ? { wcu: consumed(result.output) } : unitsOf(name, args.input, result.output);
          return result;
        } catch (error) {
          call.error = error as { name: string };
          // A refused condition costs as much as the write would have; none of our contended items is over 1 KB.
          if (isWrite) call.usage = { wcu: 1 };
          throw error;
        }
      };
    const options = { step: "initialize", name: "meter", priority: "low" };
    (client as unknown as Stack).middlewareStack.add(middleware as never, options as never);
    return client;
  }

  /** What was called since the last time. */
  take(): readonly Call[] {
    return this.calls.splice(0);
  }
}

function consumed(output: Record<string, unknown>): number {
  const capacities = [output["ConsumedCapacity"] ?? []].flat() as { CapacityUnits?: number }[];
  return capacities.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}

/** The engine's own read units do not look at sizes, so these do. */
function unitsOf(name: string, input: Input, output: Record<string, unknown>): Usage {
  const units = (bytes: number, isConsistent = false): number =>
    Math.max(1, Math.ceil(bytes / READ_UNIT)) * (isConsistent ? 1 : 0.5);
  if (name === "GetItem") return { rcu: units(sizeOf(output["Item"]), input.ConsistentRead) };
  if (name === "Query") return { rcu: units(sizeOf(output["Items"]), input.ConsistentRead) };
  if (name === "BatchGetItem") {
    const responses = Object.entries((output["Responses"] ?? {}) as Record<string, unknown[]>);
    const rcu = responses.flatMap(([table, items]) =>
      items.map((item) => units(sizeOf(item), input.RequestItems?.[table]?.ConsistentRead)),
    );
    return { rcu: rcu.reduce((sum, one) => sum + one, 0) };
  }
  if (/^(GenerateDataKey|GenerateMac|Decrypt)$/.test(name)) return { kms: 1 };
  return /^(SendMessage|ReceiveMessage|DeleteMessage)$/.test(name) ? { sqs: 1 } : {};
}

function sizeOf(value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (value instanceof Uint8Array) return value.length;
  if (typeof value !== "object") return Buffer.byteLength(JSON.stringify(value));
  return Object.entries(value).reduce((sum, [name, member]) => sum + Buffer.byteLength(name) + sizeOf(member), 0);
}
