import { after as later } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { type ArchiveDeps, readArchive } from "./archive.ts";
import type { Message } from "./consume.ts";
import { kindOf } from "./event.ts";

/** Messages under way to a queue at the same time. */
const AT_ONCE = 20;

/**
 * A replay: the events about these kinds of subjects that happened from `from` until before `to`. `again`: the name of the
 * replay, if the consumer is to take each event once more; otherwise it takes what it has not taken yet.
 */
export type Replay = { kinds: readonly string[]; from: string; to: string; again?: string | undefined };

/**
 * Does one step of a replay: sends archived news to a consumer's queue, from the beginning or behind the object `after`.
 * Returns how many messages it sent, and the object behind which the next step begins; null after the last. Doing a
 * step again sends the same messages again, which the consumer drops.
 */
export async function replayEvents(
  deps: ArchiveDeps & { send: (body: string) => Promise<void> },
  { kinds, again, ...said }: Replay,
  after?: string,
): Promise<{ sent: number; next: string | null }> {
  const [from, to] = [new Date(said.from).toISOString(), new Date(said.to).toISOString()];
  // An object is named by its first event, which may be older than the others.
  const start = later(new Date(from), -LIMITS.archivedBatchSeconds);
  const objects = await readArchive(
    deps,
    { from: start, to, ...(after === undefined ? {} : { after }) },
    LIMITS.archivedObjectsPerReplay,
  );
  const isMeant = ({ at, type }: { at: string; type: string }): boolean =>
    at >= from && at < to && kinds.includes(kindOf(type));
  const messages = objects
    .flatMap(({ news }) => news)
    .flatMap(({ subject, events }): Message[] => {
      const some = events.filter(isMeant);
      if (some.length === 0) return [];
      const detail = { subject, types: [...new Set(some.map(({ type }) => type))], events: some };
      return [{ detail, ...(again === undefined ? {} : { replay: again }) }];
    });
  for (let at = 0; at < messages.length; at += AT_ONCE)
    await Promise.all(messages.slice(at, at + AT_ONCE).map((message) => deps.send(JSON.stringify(message))));
  const isLast = objects.length < LIMITS.archivedObjectsPerReplay;
  return { sent: messages.length, next: isLast ? null : (objects.at(-1)?.name ?? null) };
}
