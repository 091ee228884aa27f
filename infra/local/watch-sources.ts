import { type FSWatcher, readdirSync, statSync, watch } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "./places.ts";

/** An editor that saves all its files, or a `git checkout`, is one change. */
const SETTLES_MS = 100;

export interface SourceChanges {
  /** Waits for changes that no earlier call gave, and gives the files, from the folder on in which we are. */
  readonly next: () => Promise<ReadonlySet<string>>;
  /** Gives those that there are already. */
  readonly take: () => ReadonlySet<string>;
  readonly stop: () => void;
}

/** Watches the TypeScript of some folders, and the documents that pages are made of, from now on. */
export function watchSources(folders: readonly string[], home = root): SourceChanges {
  let changed = new Set<string>();
  let some = Promise.withResolvers<void>();
  const watchers = new Map<string, FSWatcher>();

  // Folder by folder: Node's recursive watch on Linux loses a file that an editor replaces by another one of its name.
  const add = (folder: string): void => {
    if (watchers.has(folder)) return;
    const watcher = watch(folder, (_event, name) => name !== null && see(join(folder, name)));
    watchers.set(folder, watcher);
    watcher.on("error", () => watchers.delete(folder)); // the folder is gone
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) add(join(folder, entry.name));
  };
  const see = (path: string): void => {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) add(path);
    if (!/\.(?:tsx?|md)$/.test(path)) return;
    changed.add(relative(home, path));
    some.resolve();
  };
  const take = (): ReadonlySet<string> => {
    const taken = changed;
    changed = new Set();
    some = Promise.withResolvers();
    return taken;
  };

  for (const folder of folders) add(join(home, folder));
  return {
    next: async () => {
      await some.promise;
      await sleep(SETTLES_MS);
      return take();
    },
    take,
    stop: () => {
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}
