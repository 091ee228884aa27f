import { Problem, runMain } from "../local/problems.ts";
import { isReady } from "./check.ts";

// `npm run preflight -- --context env=prod`: looks whether a deployment would succeed. It makes nothing.
await runMain(async () => {
  if (!(await isReady(process.argv.slice(2))))
    throw new Problem("The deployment would fail: see infra/FIRST-DEPLOYMENT.md.");
});
