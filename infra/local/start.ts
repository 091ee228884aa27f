import { launch } from "./launch.ts";
import { Problem, runMain } from "./problems.ts";
import { untilStopAsked } from "./stop-asked.ts";
import { tour } from "./tour.ts";

await runMain(async () => {
  const stopAsked = untilStopAsked();
  const launched = await Promise.race([launch(console.log), stopAsked]);
  if (launched === undefined) return; // the half-started engine ends with this process
  console.log(tour(launched.stack));
  console.log(`\n${launched.stack.apiUrl} is up until Ctrl-C.`);
  const reason = await Promise.race([stopAsked, launched.ended.then(() => "engine ended")]);
  if (reason !== undefined) throw new Problem("The local AWS engine ended by itself: start again.");
  await launched.stop();
});
