import { runChain } from "./chain.ts";
import { launch } from "./launch.ts";
import { Problem, runMain } from "./problems.ts";
import { untilStopAsked } from "./stop-asked.ts";

/** What can be shown: one deployment that sells, or two, of which one supplies the other. */
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
};

await runMain(async () => {
  const [name = "sale"] = process.argv.slice(2);
  if (!(name in demos)) throw new Problem(`There is no demo ${name}: use ${Object.keys(demos).join(" or ")}.`);
  const done = await Promise.race([demos[name as keyof typeof demos](), untilStopAsked()]);
  if (done === undefined) throw new Problem("Stopped before the goods had arrived: run it again.");
});
