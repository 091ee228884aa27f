import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { Config } from "../config.ts";
import { Routes } from "../constructs/routes.ts";
import { functionsOf } from "../constructs/service-function.ts";
import type { Room } from "../functions.ts";
import type { WorkersStack } from "./workers.ts";

export interface RoomsStackProps extends StackProps {
  readonly config: Config;
  readonly rooms: readonly Room[];
  readonly workers: WorkersStack;
}

/** The functions that are called over HTTP from some rooms, with their routes of the one API. */
export class RoomsStack extends Stack {
  constructor(scope: Construct, id: string, { config, rooms, workers, ...props }: RoomsStackProps) {
    super(scope, id, props);
    const functions = functionsOf(this, rooms, config, workers.reach);
    new Routes(this, "Routes", { httpApi: workers.httpApi, functions });
  }
}
