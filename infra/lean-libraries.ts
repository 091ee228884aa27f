import { globSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Plugin } from "esbuild";

const root = resolve(import.meta.dirname, "..");

/** How some files of a library are changed while they are bundled. */
type Rule = { files: RegExp; change: (text: string) => string };

/**
 * Leaves out of bundles what nothing uses, where esbuild can't see that by itself: a fifth to a third of their size. The build fails
 * when a rule finds nothing to change, because then the library is written in another way.
 */
export const leanLibraries: Plugin = {
  name: "lean libraries",
  setup(build) {
    for (const { files, change } of rulesFor(namesFromClients()))
      build.onLoad({ filter: files }, async ({ path }) => {
        const text = await readFile(path, "utf8");
        const contents = change(text);
        if (contents === text) throw new Error("lean-libraries.ts finds nothing to change here");
        return { contents, loader: path.endsWith(".json") ? "json" : "js" };
      });
    // No call of ours streams events.
    build.onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "no event streams", namespace: LEFT_OUT } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: LEFT_OUT }, () => ({ contents: "" }));
  },
};

const LEFT_OUT = "left out";

const rulesFor = (named: ReadonlySet<string>): readonly Rule[] => [
  { files: /@aws-sdk\/client-[a-z0-9]+\/dist-es\/schemas\/schemas_0\.js$/, change: (text) => leanSchemas(text, named) },
  { files: /@aws-sdk\/client-[a-z0-9]+\/package\.json$/, change: onlyVersion },
  { files: /\/(?:endpoint-cache\/dist-es\/EndpointCache|DefaultRateLimiter|Sha256Js)\.js$/, change: emptyClass },
  { files: /\/stripe\/esm\/stripe\.esm\.node\.js$/, change: (text) => leanStripe(text, partsOfStripe()) },
  { files: /\/zod\/v4\/classic\/schemas\.js$/, change: withoutConverters },
];

/**
 * A client describes all calls of its service, by objects whose keys are constants in brackets: to esbuild such a key may do something,
 * so it keeps the object. Written out, only those stay that a call of ours uses. And a client registers a class for each error
 * of its service. Errors without a class are of the service's base class and have their names all the same.
 */
function leanSchemas(text: string, named: ReadonlySet<string>): string {
  const constants = new Map(Array.from(text.matchAll(/^const (\w+) = (".*");$/gm), ([, name, value]) => [name, value]));
  return text
    .replaceAll(/\[(\w+)\]:/g, (key, name: string) => (constants.has(name) ? `${constants.get(name)}:` : key))
    .replaceAll(/^\w+\.registerError\(\w+\$, (\w+)\);$/gm, (line, name: string) =>
      named.has(name) || name.endsWith("ServiceException") ? line : "",
    );
}

/** All that our code imports from clients by name, among it the errors that it tells apart by their class. */
const namesFromClients = (): ReadonlySet<string> =>
  namesIn("{functions,shared}/**/*.ts", /import \{([^}]*)\} from "@aws-sdk\/client-/g);

/** The names that stand in some sources where a pattern has its group. */
function namesIn(files: string, pattern: RegExp): ReadonlySet<string> {
  const sources = globSync(files, { cwd: root }).map((file) => readFileSync(join(root, file), "utf8"));
  const found = sources.flatMap((text) => [...text.matchAll(pattern)]);
  return new Set(found.flatMap(([, names = ""]) => names.match(/\w+/g) ?? []));
}

/** A client says its version to the service, and brings all of its package.json along for that. */
const onlyVersion = (text: string): string => {
  const { version } = JSON.parse(text) as { version: string };
  return JSON.stringify({ version });
};

/**
 * What clients bring along for settings that we don't have: DynamoDB at other addresses than its region's, adaptive retries; and a hash
 * for processors without one in Node.
 */
const emptyClass = (text: string): string => text.replace(/^import[^]*(export class \w+)[^]*$/, "$1 {}");

/** Stripe's SDK makes all parts of its API when it is made: some eighty. Only those stay that our code speaks to. */
function leanStripe(text: string, named: ReadonlySet<string>): string {
  const made = text
    .replaceAll(/^ *this\.(\w+) = new \w+\(this\);$/gm, (line, name: string) => (named.has(name) ? line : ""))
    .replace("import * as resources from './resources.js';", "const resources = {};");
  return made.replaceAll(/^import \{ (\w+),? \} from '\.\/resources[^']*';$/gm, (line, name: string) =>
    made.includes(`new ${name}(`) ? line : "",
  );
}

const partsOfStripe = (): ReadonlySet<string> => namesIn("shared/payments/stripe/*.ts", /\b(?:stripe|sdk)\.(\w+)/g);

/**
 * Each schema of zod brings along what makes JSON Schema of it. Only two functions do that, and `z.toJSONSchema` brings the same
 * converters. And esbuild keeps all of a namespace that is reached through another one.
 */
const withoutConverters = (text: string): string =>
  text
    .replaceAll(/^ *inst\._zod\.processJSONSchema = .*;$/gm, "")
    .replaceAll("processors.aggregateChecks(inst)", "({})")
    .replaceAll(/create(?:Standard|To)JSONSchemaMethod\(this, [^)]*\)/g, "undefined")
    .replace('import { util } from "../core/index.js"', 'import * as util from "../core/util.js"')
    .replaceAll("core.util.", "util.");
