import { launch } from "./launch.ts";
import { Problem, runMain } from "./problems.ts";
import { untilStopAsked } from "./stop-asked.ts";

await runMain(async () => {
  const launched = await Promise.race([launch(console.log), untilStopAsked()]);
  if (launched === undefined) throw new Problem("Stopped before the goods had arrived: run it again.");
  await launched.stop();
});
