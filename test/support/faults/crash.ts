import { type Domain, domain } from "../engine/domain.ts";
import { isFullProof } from "../size.ts";
import { Calls, Crashed, isWrite } from "./calls.ts";

export type Moment = "before" | "after";
export type Death = { call: number; when: Moment };

/** Deaths at each call of a path, or at its writes only: a death at a read leaves what one at the write before it leaves. */
export type Where = "calls" | "writes";

/** The daily run dies at writes; the full proof at each call. */
const usualPlaces: Where = isFullProof ? "calls" : "writes";

/** Makes the use cases of one process, with its own connections, all of which these calls watch. */
type Born<D> = (calls: Calls) => D;

/** A process that dies at the given call. Nothing it started goes on after its death. */
export class Doomed<D = Domain> {
  readonly deps: D;
  private readonly calls: Calls;
  private readonly death: Death;

  constructor(death: Death, at: Where, born: Born<D>) {
    this.death = death;
    this.calls = at === "writes" ? new Calls(isWrite) : new Calls();
    this.deps = born(this.calls);
    this.calls.crash(death.call, death.when);
  }

  /** Runs the path until it ends or the process dies, whichever comes first. */
  async run<T>(path: (deps: D) => Promise<T>): Promise<{ ended: true; value: T } | { ended: false }> {
    try {
      return { ended: true, value: await path(this.deps) };
    } catch (error) {
      if (!(error instanceof Crashed)) throw error;
      return { ended: false };
    }
  }

  /** How many calls the path made, those included that nobody died at. */
  get callsMade(): number {
    return this.calls.made.length;
  }

  /** The path has fewer calls than this: the sweep is through. */
  get outlivedThePath(): boolean {
    return !this.calls.hasCrashed && this.calls.numbered < this.death.call;
  }
}

/** No path that we sweep has as many calls. */
const LONGEST_PATH = 120;

export const bothMoments: readonly Moment[] = ["before", "after"];

/**
 * One call after the other, a process that dies before a call leaves what one leaves that dies after the call before: so
 * where the sale itself is not at stake, the daily run dies after each call only, and the full proof at both moments.
 */
export const moments: readonly Moment[] = isFullProof ? bothMoments : ["after"];

/** Scenes wait for the engine, and for caches that last a second or two: they may well do so together. */
const SCENES_AT_ONCE = 8;

/**
 * Plays the scene once for every call of the path, or every write, and each moment, until a process outlives it. The scene makes its own
 * stage, lets `doomed` run the path, then recovers and checks. Returns how many calls the path has, reads included.
 */
export async function crashEach<D>(
  born: Born<D>,
  scene: (doomed: Doomed<D>) => Promise<void>,
  when: readonly Moment[] = moments,
  at: Where = usualPlaces,
): Promise<number> {
  let pathLength = 0;
  let end = LONGEST_PATH;
  const deaths = Array.from({ length: LONGEST_PATH }, (_, index) =>
    when.map((moment): Death => ({ call: index + 1, when: moment })),
  ).flat();

  async function play(): Promise<void> {
    for (let death = deaths.shift(); death !== undefined && death.call < end; death = deaths.shift()) {
      const doomed = new Doomed(death, at, born);
      await scene(doomed).catch(namedAfter(death));
      if (!doomed.outlivedThePath) continue;
      end = Math.min(end, death.call);
      pathLength = Math.max(pathLength, doomed.callsMade);
    }
  }
  await Promise.all(Array.from({ length: SCENES_AT_ONCE }, play));
  if (end === LONGEST_PATH) throw new Error("the path does not end");
  return pathLength;
}

/** The same for processes on the deployed stack, whose calls to tables and keys are all watched. */
export function crashEverywhere(
  scene: (doomed: Doomed) => Promise<void>,
  when: readonly Moment[] = moments,
  at: Where = usualPlaces,
): Promise<number> {
  return crashEach(domain, scene, when, at);
}

/** A failure says which death it followed, and keeps its diff. */
function namedAfter({ when, call }: Death) {
  return (error: unknown): never => {
    if (error instanceof Error) error.message = `dead ${when} call ${call}: ${error.message}`;
    throw error;
  };
}
