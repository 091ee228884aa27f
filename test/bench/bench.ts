/**
 * `npm run bench`: measures what a sale costs and how long it takes, on an engine of its own, prints a table and writes
 * `.local/bench.json`. `npm run bench -- bundle` prints the sizes of the functions only, and writes nothing;
 * `npm run bench -- import` imports a file of a million codes (or of as many as it says), which takes ten minutes;
 * `npm run bench -- order` sells a hundred thousand codes in one order (or as many as it says), which takes five.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { deployStacks } from "../../infra/local/deploy.ts";
import { startEngine } from "../../infra/local/engine.ts";
import { localDir } from "../../infra/local/places.ts";
import { type LocalStack, stackFromOutputs } from "../../infra/local/stack-file.ts";
import { type OwnTables, ownTables } from "../support/own-tables.ts";
import { bundles } from "./bundles.ts";
import { claims } from "./claims.ts";
import { compared } from "./compare.ts";
import { encryption } from "./encryption.ts";
import { largeImport } from "./large-import.ts";
import { largeOrder, largeOrderOnStack } from "./large-orders.ts";
import { latency } from "./latency.ts";
import { prepaidOrder } from "./prepaid.ts";
import { ASSUMED } from "./prices.ts";
import { type Figures, machine, save, table } from "./report.ts";
import { topupOrder } from "./topup.ts";

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

async function onDeployedStack(measure: (stack: LocalStack) => Promise<Figures>): Promise<Figures> {
  const logFile = join(localDir, "bench.log");
  rmSync(logFile, { force: true });
  const engine = startEngine({ auth: true, logFile });
  try {
    const endpoint = engine.then((started) => started.endpoint);
    const stack = stackFromOutputs(await endpoint, await deployStacks({ endpoint, env: "local", logFile }));
    return await measure(stack);
  } finally {
    const started = await engine.catch(() => undefined);
    await started?.stop();
  }
}

const everything = async (stack: LocalStack): Promise<Figures> => ({
  ...(await latency(stack)),
  ...(await onOwnTables(stack)),
});

async function onOwnTables(stack: LocalStack): Promise<Figures> {
  const own: OwnTables = await ownTables(stack, "bench");
  return {
    ...(await prepaidOrder(own)),
    ...(await claims(own)),
    ...(await compared(own)),
    ...(await largeOrder(own)),
    ...(await topupOrder(stack, own)),
  };
}

const [only, count] = process.argv.slice(2);
if (only !== undefined && only !== "bundle" && only !== "import" && only !== "order") {
  say(`There is no part ${only}: use "bundle", "import" or "order", or nothing for everything else.`);
  process.exitCode = 2;
} else if (only === "import") {
  const codes = Number(count ?? 1_000_000);
  say(`${machine()}\nImporting ${codes} codes; a million take ten minutes.\n`);
  say(table(await onDeployedStack(async (stack) => largeImport(await ownTables(stack, "bench"), codes))));
} else if (only === "order") {
  const codes = Number(count ?? 100_000);
  say(`${machine()}\nSelling ${codes} codes in one order; a hundred thousand take five minutes.\n`);
  say(table(await onDeployedStack((stack) => largeOrderOnStack(stack, codes))));
} else if (only === "bundle") {
  say(table(bundles()));
} else {
  say(`${machine()}\nStarting an engine and deploying to it; the whole takes about a minute and a half.\n`);
  const figures = { ...bundles(), ...encryption(), ...(await onDeployedStack(everything)) };
  say(table(figures));
  const file = await save(figures);
  say(
    `\nUSD by the list prices of us-east-1, with a sale of ${ASSUMED.saleSeconds} s, steps of ${ASSUMED.stepSeconds} s and ` +
      `${ASSUMED.ordersPerBatch} orders a second ("quiet": one). Times are this machine's, with the engine on it.\nWritten to ${file}`,
  );
}
