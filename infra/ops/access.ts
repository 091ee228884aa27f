import { existsSync } from "node:fs";
import { credentials as localCredentials } from "../local/deploy.ts";
import { Problem } from "../local/problems.ts";
import { type LocalStack, readStackFile, stackFile } from "../local/stack-file.ts";
import type { OperatorAccess } from "./client.ts";
import { fromShell } from "./named-file.ts";

/** Where an operator's calls go: to the API; and to KMS, by the key of codes, from whoever seals them on a machine of their own. */
export type Access = OperatorAccess & { codesKey: string; awsEndpoint?: string };

/** The local stack that a command is about. Refuses any other without a call. */
export async function localStack(stack: string | undefined): Promise<LocalStack> {
  if (stack === undefined) return readStackFile(stack);
  const file = fromShell(stack);
  if (!existsSync(file)) throw new Problem(`${stack} is no file of a local stack.`);
  return readStackFile(file);
}

/**
 * The operator API of a stack: the local one by its file; one in an AWS account by its environment's name, with the
 * credentials and region that the AWS command line would use.
 */
export async function accessTo(stack: string | undefined): Promise<Access> {
  const file = stack === undefined ? stackFile : fromShell(stack);
  if (stack === undefined || existsSync(file)) {
    const { apiUrl, region, awsEndpoint, keys } = await readStackFile(file);
    return { apiUrl, region, credentials: localCredentials, awsEndpoint, codesKey: keys.codes };
  }
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(stack)) throw new Problem(`There is no file ${stack}.`);
  // A local stack needs none of this, and loading it would take longer than most commands.
  const { CloudFormationClient, DescribeStacksCommand } = await import("@aws-sdk/client-cloudformation");
  const { fromNodeProviderChain } = await import("@aws-sdk/credential-providers");
  const client = new CloudFormationClient({});
  const StackName = `vouchsafe-${stack}-service`;
  const found = await client.send(new DescribeStacksCommand({ StackName })).catch((error: Error) => {
    // CloudFormation's word for a stack that is not there. All else is about the way to it: a missing region, expired credentials.
    if (error.name === "ValidationError") return undefined;
    throw new Problem(`There is no file ${stack}, and ${StackName} can't be looked up: ${error.message}`);
  });
  const apiUrl = found?.Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === "ApiUrl")?.OutputValue;
  if (apiUrl === undefined)
    throw new Problem(`There is no file ${stack} and no stack ${StackName} in this account and region.`);
  const region = await client.config.region();
  const credentials = await fromNodeProviderChain()();
  return { apiUrl: apiUrl.replace(/\/$/, ""), region, credentials, codesKey: `alias/vouchsafe-${stack}-codes` };
}
