import { followSources } from "./follow-sources.ts";
import { launch } from "./launch.ts";
import { Problem, runMain } from "./problems.ts";
import { untilStopAsked } from "./stop-asked.ts";
import { payPages, tour } from "./tour.ts";

await runMain(async () => {
  const stopAsked = untilStopAsked();
  const sources = followSources();
  const launched = await Promise.race([launch(console.log), stopAsked]);
  if (launched === undefined) return; // the half-started engine ends with this process
  console.log(`${tour(launched.stack)}\n\n${payPages(launched.stack)}`);
  console.log(
    `\n${launched.stack.apiUrl} is up until Ctrl-C. Functions that you change are live a moment after you save.`,
  );
  const following = sources.bringTo(launched.stack.awsEndpoint, console.log);
  const reason = await Promise.race([stopAsked, launched.ended.then(() => "engine ended"), following]);
  if (reason !== undefined) throw new Problem("The local AWS engine ended by itself: start again.");
  await launched.stop();
});
