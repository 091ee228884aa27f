import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { inject } from "vitest";
import type { LocalStack } from "../../../infra/local/stack-file.ts";

/** What became of deploying the app for the tests. */
export type Deployment =
  | { readonly state: "deployed"; readonly stack: LocalStack }
  | { readonly state: "failed"; readonly reason: string };

/** The stack that all tests share. Nothing is in it but what the tests put there. */
export function deployedStack(): LocalStack {
  const deployment = JSON.parse(readFileSync(inject("deployment"), "utf8")) as Deployment;
  if (deployment.state === "failed") throw new Error(deployment.reason);
  return deployment.stack;
}

/** Until it is deployed, or is not going to be. */
export async function deploymentOver(): Promise<void> {
  while (!existsSync(inject("deployment"))) await sleep(100);
}
