import { runChain } from "./chain.ts";
import { launch } from "./launch.ts";
import { Problem, runMain } from "./problems.ts";
import { openDemoShop } from "./shop-demo.ts";
import { untilStopAsked } from "./stop-asked.ts";

const stopAsked = untilStopAsked();
/** Whether all has been shown that a stop could interrupt. */
let isDone = false;

/** What can be shown: one deployment that sells; two, of which one supplies the other; or a shop to buy in, until Ctrl-C. */
const demos = {
  sale: async (): Promise<true> => {
    const launched = await launch(console.log);
    await launched.stop();
    return true;
  },
  chain: async (): Promise<true> => {
    await runChain(console.log);
    return true;
  },
  shop: async (): Promise<true> => {
    const launched = await launch(console.log);
    const shop = await openDemoShop(launched.stack);
    console.log(
      `The shop is open at ${shop.url} until Ctrl-C. Buy something, and pay on the simulated provider's page.`,
    );
    isDone = true;
    const reason = await Promise.race([stopAsked, launched.ended.then(() => "engine ended")]);
    shop.stop();
    if (reason !== undefined) throw new Problem("The local AWS engine ended by itself: start again.");
    await launched.stop();
    return true;
  },
};

await runMain(async () => {
  const [name = "sale"] = process.argv.slice(2);
  if (!(name in demos)) throw new Problem(`There is no demo ${name}: use ${Object.keys(demos).join(" or ")}.`);
  const shown = demos[name as keyof typeof demos]();
  const done = await Promise.race([shown, stopAsked]);
  if (isDone) await shown;
  else if (done === undefined) throw new Problem("Stopped before the goods had arrived: run it again.");
});
