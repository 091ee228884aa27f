import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Domain } from "../engine/domain.ts";
import type { Random } from "../random.ts";

type Command = { input: Record<string, unknown>; constructor: { name: string } };
type Calls = Pick<Domain, "db">;

/** What becomes of a call, and of the process that makes it. `answer_lost`: it took effect, and the SDK makes it again. */
type Fate = "answered" | "answer_lost" | "dead_before" | "dead_after";

/** One process: it has ended, or died, or it waits for its turn, or it is on its way to its next call. */
type Process = { name: string; isOver: boolean };
type Turn = { process: Process; take: () => Promise<void> };

/** One call in so many meets with each of these. */
const DEATHS = 60;
const LOST_ANSWERS = 40;

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/**
 * Runs processes whose calls to tables take turns: one call at a time, of a process that chance picks, so that the same seed gives
 * the same order of calls. In between a process may die, or lose an answer. A dead process makes no call any more.
 */
export class Interleaving {
  /** What happened, for whoever reads how a seed failed. */
  readonly story: string[] = [];
  /** Ends of processes that nobody expects. */
  readonly errors: string[] = [];
  hasFaults = true;
  private readonly random: Random;
  private readonly turns: Turn[] = [];
  private readonly processes: Process[] = [];
  private readonly isExpected: (error: unknown) => boolean;

  constructor(random: Random, isExpected: (error: unknown) => boolean) {
    this.random = random;
    this.isExpected = isExpected;
  }

  get alive(): number {
    return this.processes.filter(({ isOver }) => !isOver).length;
  }

  /** Starts a process; it stops before its first call. */
  start<D extends Calls>(name: string, deps: D, path: (deps: D) => Promise<unknown>): void {
    const process: Process = { name, isOver: false };
    this.processes.push(process);
    const send = (command: Command, ...rest: unknown[]): Promise<unknown> =>
      this.call(process, command, () =>
        (deps.db.send as (...args: unknown[]) => Promise<unknown>).call(deps.db, command, ...rest),
      );
    const watched = { ...deps, db: Object.assign(Object.create(deps.db) as D["db"], { send }) };
    const end = (what: string): void => {
      process.isOver = true;
      this.story.push(`${name}: ${what}`);
    };
    path(watched).then(
      (value) => end(told(value)),
      (error: unknown) => {
        end(String(error));
        if (!this.isExpected(error))
          this.errors.push(`${name}: ${error instanceof Error ? error.stack : String(error)}`);
      },
    );
  }

  /** One call of one process. False: all processes have ended. */
  async step(): Promise<boolean> {
    await this.untilAllWait();
    const index = this.random.below(this.turns.length);
    const [turn] = this.turns.splice(index, 1);
    if (turn === undefined) return false;
    await turn.take();
    return true;
  }

  async toTheEnd(): Promise<void> {
    while (await this.step());
  }

  private call(process: Process, command: Command, perform: () => Promise<unknown>): Promise<unknown> {
    if (process.isOver) return never();
    return new Promise((resolve, reject) => {
      const take = async (): Promise<void> => {
        const fate = this.fate();
        if (fate !== "answered") this.story.push(`${process.name}: ${fate} ${command.constructor.name}`);
        if (fate.startsWith("dead")) process.isOver = true;
        if (fate === "dead_before") return;
        // The SDK repeats a transaction under the same token.
        if (command.constructor.name === "TransactWriteCommand") command.input["ClientRequestToken"] ??= randomUUID();
        if (fate !== "answered") await perform().catch(() => undefined);
        if (fate === "dead_after") return;
        await perform().then(resolve, reject);
      };
      this.turns.push({ process, take });
    });
  }

  private fate(): Fate {
    if (!this.hasFaults) return "answered";
    const die = this.random.below(DEATHS);
    if (die < 2) return die === 0 ? "dead_before" : "dead_after";
    return this.random.below(LOST_ANSWERS) === 0 ? "answer_lost" : "answered";
  }

  /** Until each process that lives has a call to make: then whose turn it is does not depend on how fast this machine is. */
  private async untilAllWait(): Promise<void> {
    for (let quiet = 0; quiet < 2; ) {
      const before = this.turns.length;
      await new Promise((resolve) => setImmediate(resolve));
      const isReady = this.processes.every(
        (process) => process.isOver || this.turns.some((turn) => turn.process === process),
      );
      // A call that waits by a timer before it is made again.
      if (!isReady) await wait(1);
      quiet = isReady && before === this.turns.length ? quiet + 1 : 0;
    }
    // What a dead process had begun is not made any more.
    for (let at = this.turns.length - 1; at >= 0; at--) if (this.turns[at]?.process.isOver) this.turns.splice(at, 1);
  }
}

function told(value: unknown): string {
  const { ok, code, value: inner, state } = (value ?? {}) as Record<string, unknown>;
  if (ok === false) return String(code);
  const shown = state ?? (inner as { state?: string } | undefined)?.state;
  return typeof shown === "string" ? shown : "done";
}
