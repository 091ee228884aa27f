/**
 * `npm run bench`: measures what a sale costs and how long it takes, on an engine of its own, prints a table and writes
 * `.local/bench.json`. `npm run bench -- bundle` prints the sizes of the functions only, and `-- coldstart` how long the hot ones
 * take to load; these write nothing.
 * `npm run bench -- import` imports a file of a million codes (or of as many as it says), `-- generate` makes a hundred
 * thousand of our own, `-- order` sells as many in one order, `-- hot-account` finds how much one channel can sell in a second;
 * `-- prepaid`, `-- storefront`, `-- delivery` and `-- claims` measure these alone.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { deployStacks } from "../../infra/local/deploy.ts";
import { startEngine } from "../../infra/local/engine.ts";
import { localDir } from "../../infra/local/places.ts";
import { type LocalStack, stackFromOutputs } from "../../infra/local/stack-file.ts";
import { type OwnTables, ownTables } from "../support/engine/own-tables.ts";
import { bundles } from "./bundles.ts";
import { claims } from "./claims.ts";
import { coldStarts } from "./cold-start.ts";
import { compared } from "./compare.ts";
import { delivery } from "./delivery.ts";
import { encryption } from "./encryption.ts";
import { hotAccount } from "./hot-account.ts";
import { generation, largeImport } from "./large-import.ts";
import { largeOrder, largeOrderOnStack } from "./large-orders.ts";
import { latency } from "./latency.ts";
import { prepaidOrder } from "./prepaid.ts";
import { ASSUMED } from "./prices.ts";
import { type Figures, machine, save, table } from "./report.ts";
import { storefrontOrder } from "./storefront.ts";
import { supplierCode } from "./supplier-code.ts";
import { topupOrder } from "./topup.ts";

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

async function onDeployedStack(measure: (stack: LocalStack) => Promise<Figures>): Promise<Figures> {
  const logFile = join(localDir, "bench.log");
  rmSync(logFile, { force: true });
  const engine = startEngine({ auth: true, logFile });
  try {
    const endpoint = engine.then((started) => started.endpoint);
    const outputs = await deployStacks({ endpoint, env: "local", logFile });
    const stack = stackFromOutputs(await engine, outputs);
    return await measure(stack);
  } finally {
    const started = await engine.catch(() => undefined);
    await started?.stop();
  }
}

/** What is printed as soon as it is measured: a later measurement that fails takes nothing with it. */
const shown = (figures: Figures): Figures => {
  say(table(figures));
  return figures;
};

const everything = async (stack: LocalStack): Promise<Figures> => ({
  ...shown(await latency(stack)),
  ...(await onOwnTables(stack)),
});

async function onOwnTables(stack: LocalStack): Promise<Figures> {
  const own: OwnTables = await ownTables(stack, "bench");
  return {
    ...shown(await prepaidOrder(own)),
    ...shown(await storefrontOrder(own)),
    ...shown(await delivery(own)),
    ...shown(await claims(own)),
    ...shown(await compared(own)),
    ...shown(await largeOrder(own)),
    ...shown(await supplierCode(stack, own)),
    ...shown(await topupOrder(stack, own)),
  };
}

/** What is measured only when it is asked for, for so many codes: each takes minutes. */
const parts: Record<
  string,
  { usual: number; about: string; measure: (stack: LocalStack, codes: number) => Promise<Figures> }
> = {
  import: {
    usual: 1_000_000,
    about: "codes of a file; a million take ten minutes",
    measure: async (stack, codes) => largeImport(await ownTables(stack, "bench"), codes),
  },
  generate: {
    usual: 100_000,
    about: "codes of our own making; a hundred thousand take a minute",
    measure: async (stack, codes) => generation(await ownTables(stack, "bench"), codes),
  },
  prepaid: {
    usual: 1,
    about: "prepaid order, call by call",
    measure: async (stack) => prepaidOrder(await ownTables(stack, "bench")),
  },
  storefront: {
    usual: 1,
    about: "order that its buyer pays at a provider, part by part",
    measure: async (stack) => storefrontOrder(await ownTables(stack, "bench")),
  },
  delivery: {
    usual: 1,
    about: "delivery by the buyer's page, with its message, part by part",
    measure: async (stack) => delivery(await ownTables(stack, "bench")),
  },
  claims: {
    usual: 1,
    about: "look at claims: storms, and beside the bare client; some minutes",
    measure: async (stack) => {
      const own = await ownTables(stack, "bench");
      return { ...(await claims(own)), ...(await compared(own)) };
    },
  },
  "hot-account": {
    usual: 1_000,
    about: "sales of one channel, each recorded twice; a thousand take two minutes",
    measure: async (stack, sales) => hotAccount(await ownTables(stack, "bench"), sales),
  },
  order: {
    usual: 100_000,
    about: "codes in one order; a hundred thousand take five minutes",
    measure: largeOrderOnStack,
  },
};

const [only, count] = process.argv.slice(2);
const part = parts[only ?? ""];
if (part !== undefined) {
  const codes = Number(count ?? part.usual);
  say(`${machine()}\n${codes} ${part.about}.\n`);
  say(table(await onDeployedStack((stack) => part.measure(stack, codes))));
} else if (only === "bundle") {
  say(table(bundles()));
} else if (only === "coldstart") {
  say(`${machine()}\n`);
  say(table(coldStarts()));
} else if (only !== undefined) {
  say(
    `There is no part ${only}: use bundle, coldstart, ${Object.keys(parts).join(", ")}, or nothing for everything else.`,
  );
  process.exitCode = 2;
} else {
  say(`${machine()}\nStarting an engine and deploying to it; the whole takes about a minute and a half.\n`);
  const alone = { ...shown(bundles()), ...shown(coldStarts()), ...shown(encryption()) };
  const figures = { ...alone, ...(await onDeployedStack(everything)) };
  const file = await save(figures);
  say(
    `\nUSD by the list prices of us-east-1, with a sale of ${ASSUMED.saleSeconds} s, steps of ${ASSUMED.stepSeconds} s and ` +
      `${ASSUMED.ordersPerBatch} orders a second ("quiet": one). Times are this machine's, with the engine on it.\nWritten to ${file}`,
  );
}
