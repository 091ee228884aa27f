import { functionSpecs } from "../functions.ts";
import { bundleFunctions } from "./bundle-functions.ts";
import { functionsHash } from "./code-hash.ts";
import { liveCode } from "./live-code.ts";
import { Problem } from "./problems.ts";
import { stackSources } from "./stack-sources.ts";
import { updateCode } from "./update-code.ts";
import { watchSources } from "./watch-sources.ts";

export interface Following {
  /** Brings changed functions to the engine, and says so, until the process ends. `onLive` gets the hash of what is live. */
  readonly bringTo: (
    endpoint: string,
    log: (line: string) => void,
    onLive?: (functions: string) => Promise<void>,
  ) => Promise<never>;
}

/** Sees changes of the sources from now on, so that one during a deployment is not lost. */
export function followSources(): Following {
  const changes = watchSources(["functions", "shared", "infra"]);
  return {
    bringTo: async (endpoint, log, onLive = () => Promise.resolve()) => {
      const code = liveCode({
        specs: functionSpecs,
        bundle: bundleFunctions,
        update: (bundle) => updateCode(endpoint, bundle),
      });
      const describing = await stackSources();
      let changed = changes.take();
      for (;;) {
        const began = performance.now();
        const hash = functionsHash();
        const inStacks = [...changed].filter((file) => describing.has(file));
        if (inStacks.length > 0)
          log(`Start again if the stacks should change too: ${inStacks.join(", ")} is part of them.`);
        try {
          const names = await code.follow(changed);
          const seconds = ((performance.now() - began) / 1000).toFixed(1);
          if (names.length > 0) log(`Live after ${seconds} s: ${names.join(", ")}.`);
          else if (ofFunctions(changed)) log(`No function's code is different by ${[...changed].join(", ")}.`);
          await onLive(hash);
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
          log(`${error.message}\nThe stack stays as it was.`);
        }
        changed = await changes.next();
      }
    },
  };
}

const ofFunctions = (files: ReadonlySet<string>): boolean => [...files].some((file) => !file.startsWith("infra/"));
