import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { type ArchiveDeps, readArchive } from "./archive.ts";
import { type Cursor, isFresh, isTaken, missingBefore, passedTo, taken } from "./cursor.ts";
import type { Told, ToldNews } from "./event.ts";
import { type CursorDeps, claimCursor } from "./table.ts";

/** A message that came too early, and is sent again later: since when, and how often that was done. */
export type Held = { since: string; times: number };

/**
 * News as it comes to a consumer. `replay`: the name of a replay that asks for each event once more, also if it was taken
 * before.
 */
export type Message = { detail: ToldNews; held?: Held | undefined; replay?: string | undefined };

export type ConsumeDeps = CursorDeps &
  ArchiveDeps & {
    /** The consumer, by the name of its queue. */
    consumer: string;
    /** Does the consumer's work for one event of that subject. It is called again after a crash, and must do the same then. */
    handle: (event: Told, subject: string) => Promise<void>;
    /**
     * Tells whether the consumer has work with any of the news. Where it says no, nothing is noted of the subject, which saves two
     * writes: what comes of the subject later finds the earlier events in the archive. Absent: it has work with all.
     */
    concerns?: ((news: ToldNews) => Promise<boolean>) | undefined;
    /** Hears which numbers of a subject the consumer goes on without. */
    onPassed?: (subject: string, numbers: readonly number[]) => void;
  };

/**
 * The result of a message. `done`: all of it was taken, now or before. `early`: some of it has to wait, for what comes
 * before it, or for another call that works on the same subject; send the message again, `held` that way, in so many
 * seconds.
 */
export type Consumed = { kind: "done" } | { kind: "early"; held: Held; seconds: number };

/** An event at its place among those of its unit, as it was told. */
type Numbered = { number: number; at: string; told: Told };
/** What has one cursor, by its `name`; and what it is about. */
type Unit = { name: string; subject: string; events: Numbered[] };

/**
 * Takes a message: each event once, and those of a subject in the order of their numbers. An event that is early waits.
 * After `LIMITS.eventHeldSeconds` what is missing is taken from the archive, and what isn't there either is passed: a
 * lost message never stops a subject. An event that fails throws, and is tried again with its message; in the last try it
 * is passed, so that those behind it go on, and then throws. What was passed is taken when it comes after all.
 */
export async function consume(deps: ConsumeDeps, message: Message, isLastTry: boolean): Promise<Consumed> {
  if (deps.concerns !== undefined && !(await deps.concerns(message.detail))) return { kind: "done" };
  let isEarly = false;
  for (const unit of unitsOf(message)) if (!(await takeUnit(deps, unit, message.held, isLastTry))) isEarly = true;
  if (!isEarly) return { kind: "done" };
  const { since = deps.clock().toISOString(), times = 0 } = message.held ?? {};
  const seconds = Math.min(2 ** times, LIMITS.longestHoldBackSeconds);
  return { kind: "early", held: { since, times: times + 1 }, seconds };
}

/** Gives what has one cursor: numbered events of a subject; or one event that stands for itself, or is replayed. */
function unitsOf({ detail: { subject, events }, replay }: Message): Unit[] {
  const numbered = events.flatMap(numberedOf);
  if (replay === undefined && numbered.length === events.length) return [{ name: subject, subject, events: numbered }];
  const suffix = replay === undefined ? "" : `@${replay}`;
  return events.map((told) => ({ name: `${told.id}${suffix}`, subject, events: [{ number: 1, at: told.at, told }] }));
}

/** Gives an event at the place that its number says; nothing, if it has none. */
const numberedOf = (told: Told): Numbered[] =>
  told.number === undefined ? [] : [{ number: told.number, at: told.at, told }];

/** Takes the events of a unit. False: some of them are early. */
async function takeUnit(
  deps: ConsumeDeps,
  { name, subject, events }: Unit,
  held: Held | undefined,
  isLastTry: boolean,
): Promise<boolean> {
  const [first] = events;
  if (first === undefined) return true;
  const startAt = after(new Date(first.at), -LIMITS.eventHeldSeconds);
  const claimed = await claimCursor(deps, deps.consumer, name, startAt);
  if (claimed === undefined) return false;
  const { save } = claimed;
  let { cursor } = claimed;
  // What came before it had work with the subject is not missed.
  const wasForeign = deps.concerns !== undefined && isFresh(cursor);
  const pass = (to: number): void => {
    const missing = missingBefore(cursor, to);
    if (missing.length > 0 && !wasForeign) deps.onPassed?.(subject, missing);
    cursor = passedTo(cursor, to);
  };
  /** Returns why it failed, if it did. */
  const take = async (event: Numbered): Promise<{ error: unknown } | undefined> => {
    if (isTaken(cursor, event.number)) return undefined;
    pass(event.number);
    try {
      await deps.handle(event.told, subject);
      cursor = taken(cursor, event);
      return undefined;
    } catch (error) {
      return { error };
    }
  };
  let failure: { error: unknown } | undefined;
  let isEarly = false;
  for (const event of events.toSorted((a, b) => a.number - b.number)) {
    if (event.number > cursor.next) {
      isEarly = !isOver(held, deps.clock());
      if (isEarly) break;
      // One that fails is passed: its own message is still tried again, and is set aside alone.
      for (const missing of await archivedBefore(deps, subject, cursor, event)) await take(missing);
    }
    const failed = await take(event);
    failure ??= failed;
    if (failed !== undefined && !isLastTry) break;
    if (failed !== undefined) pass(event.number + 1);
  }
  await save(cursor);
  if (failure !== undefined) throw failure.error;
  return !isEarly;
}

const isOver = (held: Held | undefined, now: Date): boolean =>
  held !== undefined && now.toISOString() >= after(new Date(held.since), LIMITS.eventHeldSeconds);

/**
 * Finds the events between a cursor and an event in the archive, in their order: as many as are there, in the objects of
 * the time between the two.
 */
async function archivedBefore(
  deps: ArchiveDeps,
  subject: string,
  { next, lastAt }: Cursor,
  { number, at }: Numbered,
): Promise<Numbered[]> {
  // Objects are named by their first event, and the two clocks of a batch and of its archive differ by less than that.
  const from = after(new Date(lastAt), -LIMITS.archiveSlackSeconds);
  const to = after(new Date(at), LIMITS.archiveSlackSeconds);
  const found = await readArchive(deps, { from, to }, LIMITS.archivedObjectsPerLook);
  const events = found
    .flatMap(({ news }) => news)
    .filter((one) => one.subject === subject)
    .flatMap((one) => one.events.flatMap(numberedOf))
    .filter((event) => event.number >= next && event.number < number);
  return [...new Map(events.map((event) => [event.number, event])).values()].toSorted((a, b) => a.number - b.number);
}
