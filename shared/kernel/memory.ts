import { machineMs } from "./clock.ts";

/** What a process remembers, by name. */
export type Memory<V> = {
  /** Gives what was noted under this name at most `maxAgeMs` ago. Undefined: nothing, or it is too old. */
  recall: (name: string, maxAgeMs?: number) => V | undefined;
  /** Notes a value. It is as old as `since`, a moment by `machineMs`: for a read, say when it began. */
  note: (name: string, value: V, since?: number) => void;
  forget: (name: string) => void;
};

/**
 * Makes a memory of a process, empty. `lastsMs`: how long a value is good. `most`: how many there are; when it is full, what was
 * noted first goes first. It goes by the machine's time, and not by a clock that may be moved.
 *
 * Ours and not `lru-cache` 11: that adds 18.3 KB to each bundle, and this took away as much as it added. To lose what was noted first
 * is as good as to lose what was used least, for values are good for seconds.
 */
export function memory<V>({ lastsMs, most }: { lastsMs: number; most: number }): Memory<V> {
  const entries = new Map<string, { value: V; since: number }>();
  return {
    recall: (name, maxAgeMs = lastsMs) => {
      const entry = entries.get(name);
      if (entry === undefined) return undefined;
      const age = machineMs() - entry.since;
      // A clock that was set back must not make a memory last longer.
      return age >= 0 && age < maxAgeMs ? entry.value : undefined;
    },
    note: (name, value, since = machineMs()) => {
      entries.delete(name);
      entries.set(name, { value, since });
      const first = entries.keys().next();
      if (entries.size > most && first.done !== true) entries.delete(first.value);
    },
    forget: (name) => void entries.delete(name),
  };
}

/** Gives what was promised under this name before, or what `make` promises now. A promise that fails is forgotten. */
export function promisedOnce<V>(promises: Memory<Promise<V>>, name: string, make: () => Promise<V>): Promise<V> {
  const known = promises.recall(name);
  if (known !== undefined) return known;
  const made = make();
  promises.note(name, made);
  made.catch(() => promises.forget(name));
  return made;
}

/** For what does not change while a process lives. */
export const FOR_GOOD = Number.POSITIVE_INFINITY;
