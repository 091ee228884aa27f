import { deploymentOver } from "./deployed-stack.ts";

// Before each file of tests against the deployed app: whatever it makes of the stack, it finds it there.
await deploymentOver();
