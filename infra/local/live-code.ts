import type { Bundle, BundledFunction } from "./bundle-functions.ts";

/** What is deployed, and how to replace a part of it. */
export interface Deployed {
  readonly specs: readonly BundledFunction[];
  readonly bundle: (specs: readonly BundledFunction[]) => Promise<Bundle[]>;
  readonly update: (bundle: Bundle) => Promise<void>;
}

/** Keeps the code of deployed functions as it is in the checkout. */
export interface LiveCode {
  /**
   * Updates the functions whose code these files change, and gives their names.
   * @throws if one can't be built: then none is updated, and the files count as changed in the next call.
   */
  readonly follow: (changed: Iterable<string>) => Promise<string[]>;
}

export function liveCode({ specs, bundle, update }: Deployed): LiveCode {
  const live = new Map<string, Bundle>();
  const pending = new Set<string>();

  const follow = async (changed: Iterable<string>): Promise<string[]> => {
    for (const file of changed) pending.add(file);
    // At first nobody knows what is made of what. What changed before that may be deployed or not, and so it is updated.
    const isFirst = live.size === 0;
    const considered = isFirst ? specs : concernedBy(pending, live.values());
    const built = considered.length === 0 ? [] : await bundle(considered);
    const newer = isFirst ? built.filter((one) => isMadeOf(one, pending)) : built.filter((one) => !isSame(one, live));
    await Promise.all(newer.map(update));
    for (const one of built) live.set(one.spec.kebabName, one);
    pending.clear();
    return newer.map(({ spec }) => spec.kebabName);
  };

  return { follow };
}

function concernedBy(changed: ReadonlySet<string>, bundles: Iterable<Bundle>): BundledFunction[] {
  return [...bundles].filter((bundle) => isMadeOf(bundle, changed)).map(({ spec }) => spec);
}

const isMadeOf = ({ sources }: Bundle, changed: ReadonlySet<string>): boolean =>
  [...changed].some((file) => sources.has(file));

const isSame = ({ spec, hash }: Bundle, live: ReadonlyMap<string, Bundle>): boolean =>
  live.get(spec.kebabName)?.hash === hash;
