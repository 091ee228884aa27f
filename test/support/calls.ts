/** The process died here, as far as the code under test can tell. */
export class Crashed extends Error {
  override readonly name = "Crashed";
}

type Stack = { middlewareStack: { add: (middleware: never, options: never) => void } };
type Next = (args: unknown) => Promise<{ output: Record<string, unknown> }>;
type Where = { commandName?: string };

/** One AWS call as it was made. */
export type Call = { name: string; wcu: number; rcu: number; refused: boolean };

/**
 * Stands between the use cases and AWS: numbers every call, and can stop the process before call k, or after it took
 * effect but before its answer arrived. From there on every further call fails too, for a dead process makes none.
 */
export class Calls {
  readonly made: Call[] = [];
  private crashAt: { call: number; when: "before" | "after" } | undefined;
  private dead = false;

  /** Dies at the k-th call from now, counted from 1. */
  crash(call: number, when: "before" | "after"): void {
    this.made.length = 0;
    this.dead = false;
    this.crashAt = { call, when };
  }

  /** Whether the crash that was asked for came about: not if the path had fewer calls. */
  get hasCrashed(): boolean {
    return this.dead;
  }

  watch(client: object): void {
    const middleware =
      (next: Next, { commandName = "?" }: Where) =>
      async (args: { input: Record<string, unknown> }) => {
        if (this.dead) throw new Crashed();
        const number = this.made.length + 1;
        const call: Call = { name: commandName, wcu: 0, rcu: 0, refused: false };
        this.made.push(call);
        if (this.crashAt?.call === number && this.crashAt.when === "before") this.die();
        const metered = takesMeter(commandName)
          ? { ...args, input: { ...args.input, ReturnConsumedCapacity: "TOTAL" } }
          : args;
        try {
          const result = await next(metered);
          meter(call, result.output);
          if (this.crashAt?.call === number && this.crashAt.when === "after") this.die();
          return result;
        } catch (error) {
          call.refused = error instanceof Error && /ConditionalCheckFailed|TransactionCanceled/.test(error.name);
          // A refused conditional write costs one write unit for each KB it looked at, as a successful one does.
          if (call.refused) call.wcu = 1;
          throw error;
        }
      };
    (client as Stack).middlewareStack.add(
      middleware as never,
      { step: "initialize", name: "calls", priority: "low" } as never,
    );
  }

  private die(): never {
    this.dead = true;
    throw new Crashed();
  }
}

function takesMeter(command: string): boolean {
  return [
    "GetItem",
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "Query",
    "BatchGetItem",
    "BatchWriteItem",
    "TransactWriteItems",
  ].some((name) => command.startsWith(name));
}

const READS = ["GetItem", "Query", "BatchGetItem"];

function meter(call: Call, output: Record<string, unknown>): void {
  const consumed = [output["ConsumedCapacity"] ?? []].flat() as { CapacityUnits?: number }[];
  const units = consumed.reduce((total, { CapacityUnits = 0 }) => total + CapacityUnits, 0);
  if (READS.some((read) => call.name.startsWith(read))) call.rcu = units;
  else call.wcu = units;
}
