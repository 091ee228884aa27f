import { spawn } from "node:child_process";
import { once } from "node:events";
import { cdkCli, root } from "../local/places.ts";
import { Problem, runMain } from "../local/problems.ts";
import { isReady } from "./check.ts";

// `npm run deploy -- --context env=prod`: checks the account first, then deploys all stacks, with what else CDK is to be told.
await runMain(async () => {
  const argv = process.argv.slice(2);
  if (!(await isReady(argv))) throw new Problem("Nothing was deployed: see infra/FIRST-DEPLOYMENT.md.");
  const args = [cdkCli, "deploy", "--all", ...argv];
  const deployment = spawn(process.execPath, args, { cwd: root, stdio: "inherit" });
  const [code] = (await once(deployment, "close")) as [number | null];
  if (code !== 0) throw new Problem("The deployment failed: its reason is above.");
});
