/** The process died here, as far as the code under test can tell. */
export class Crashed extends Error {
  override readonly name = "Crashed";
}

/** The numbers begin with one. */
const NOT_NUMBERED = 0;

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
  private readonly counts: (command: string) => boolean;

  /** `counts`: which calls are numbered, all unless it says so. */
  constructor(counts: (command: string) => boolean = () => true) {
    this.counts = counts;
  }

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

  /** How many of the calls that are numbered were made. */
  get numbered(): number {
    return this.made.filter(({ name }) => this.counts(name)).length;
  }

  watch(client: object): void {
    const middleware =
      (next: Next, { commandName = "?" }: Where) =>
      async (args: { input: Record<string, unknown> }) => {
        if (this.dead) throw new Crashed();
        const call: Call = { name: commandName, wcu: 0, rcu: 0, refused: false };
        this.made.push(call);
        const number = this.counts(commandName) ? this.numbered : NOT_NUMBERED;
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
  return isWrite(command) || READS.some((read) => command.startsWith(read));
}

/** Does the call change a table? Between two that do, a death leaves the same wherever it comes. */
export const isWrite = (command: string): boolean => WRITES.some((write) => command.startsWith(write));

const WRITES = ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"];
const READS = ["GetItem", "Query", "BatchGetItem"];

function meter(call: Call, output: Record<string, unknown>): void {
  const consumed = [output["ConsumedCapacity"] ?? []].flat() as { CapacityUnits?: number }[];
  const units = consumed.reduce((total, { CapacityUnits = 0 }) => total + CapacityUnits, 0);
  if (READS.some((read) => call.name.startsWith(read))) call.rcu = units;
  else call.wcu = units;
}
