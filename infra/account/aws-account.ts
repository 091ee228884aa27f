import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from "@aws-sdk/client-cloudformation";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { AwsClient } from "aws4fetch";
import { Problem } from "../local/problems.ts";
import type { NamedType } from "./names.ts";

/** A stack as it is: its status, whether it may be deleted, and the physical names of what it owns. */
export type Stack = { status: string; isProtected: boolean; owns: ReadonlySet<string> };

/** What the checks before a deployment ask of an account. Nothing of it changes anything. */
export type AwsAccount = {
  readonly id: string;
  readonly region: string;
  /** Of the CDK bootstrap stack; undefined: the account and region were not bootstrapped. */
  bootstrapVersion(): Promise<number | undefined>;
  /** Lambda calls at once: of the account, and what of it is not reserved for a function. */
  concurrency(): Promise<{ all: number; unreserved: number }>;
  stack(name: string): Promise<Stack | undefined>;
  exists(type: NamedType, name: string): Promise<boolean>;
};

/**
 * Opens the AWS account that the AWS command line would use, by its credentials and region. `AWS_ENDPOINT_URL` names
 * another endpoint.
 */
export async function awsAccount(): Promise<AwsAccount> {
  const cloudFormation = new CloudFormationClient({});
  const [region, credentials] = await Promise.all([cloudFormation.config.region(), fromNodeProviderChain()()]).catch(
    (error: Error) => {
      throw new Problem(`There are no credentials or no region, as the AWS command line takes them: ${error.message}`);
    },
  );
  const endpoint = process.env["AWS_ENDPOINT_URL"];
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  /** Calls a service that has no client among our dependencies. */
  const call = async (service: string, path: string, init: RequestInit = {}): Promise<Response> => {
    const isGlobal = service === "iam";
    const signed = isGlobal && !region.startsWith("cn-") ? "us-east-1" : region;
    const aws = new AwsClient({ ...credentials, region: signed, service, retries: 2 });
    const host = isGlobal ? `${service}.${domain}` : `${service}.${region}.${domain}`;
    return aws.fetch(`${endpoint ?? `https://${host}`}${path}`, init);
  };
  const form = (fields: Record<string, string>): RequestInit => ({
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  });
  const [dynamo, s3, sqs, ssm] = [
    new DynamoDBClient({}),
    new S3Client({ forcePathStyle: endpoint !== undefined }),
    new SQSClient({}),
    new SSMClient({}),
  ];

  const identity = await call("sts", "/", form({ Action: "GetCallerIdentity", Version: "2011-06-15" }));
  const [, id] = /<Account>(\d{12})<\/Account>/.exec(await identity.text()) ?? [];
  if (id === undefined) throw new Problem(`The credentials don't work: ${identity.status} from GetCallerIdentity.`);

  const look: Record<NamedType, (name: string) => Promise<boolean>> = {
    "AWS::DynamoDB::GlobalTable": (TableName) => isThere(dynamo.send(new DescribeTableCommand({ TableName }))),
    "AWS::S3::Bucket": (Bucket) =>
      isThere(s3.send(new HeadBucketCommand({ Bucket }))).catch((error: unknown) => {
        // Buckets' names are shared by all accounts: it may be somebody else's.
        if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 403) return true;
        throw error;
      }),
    "AWS::SQS::Queue": (QueueName) => isThere(sqs.send(new GetQueueUrlCommand({ QueueName }))),
    "AWS::IAM::Role": async (RoleName) => {
      const answer = await call("iam", "/", form({ Action: "GetRole", Version: "2010-05-08", RoleName }));
      if (answer.ok || answer.status === 404) return answer.ok;
      throw new Error(`GetRole: ${answer.status}`);
    },
    "AWS::Logs::LogGroup": async (name) => {
      const headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "Logs_20140328.DescribeLogGroups",
      };
      const body = JSON.stringify({ logGroupNamePrefix: name });
      const answer = await call("logs", "/", { method: "POST", headers, body });
      if (!answer.ok) throw new Error(`DescribeLogGroups: ${answer.status}`);
      const { logGroups = [] } = (await answer.json()) as { logGroups?: { logGroupName: string }[] };
      return logGroups.some(({ logGroupName }) => logGroupName === name);
    },
  };

  return {
    id,
    region,
    async bootstrapVersion() {
      const Name = "/cdk-bootstrap/hnb659fds/version";
      const found = await unlessMissing(ssm.send(new GetParameterCommand({ Name })));
      return found === undefined ? undefined : Number(found.Parameter?.Value);
    },
    async concurrency() {
      const answer = await call("lambda", "/2016-08-19/account-settings/");
      if (!answer.ok) throw new Error(`GetAccountSettings: ${answer.status}`);
      const { AccountLimit } = (await answer.json()) as {
        AccountLimit: { ConcurrentExecutions: number; UnreservedConcurrentExecutions: number };
      };
      return { all: AccountLimit.ConcurrentExecutions, unreserved: AccountLimit.UnreservedConcurrentExecutions };
    },
    async stack(StackName) {
      const found = await unlessMissing(cloudFormation.send(new DescribeStacksCommand({ StackName })));
      const stack = found?.Stacks?.[0];
      if (stack === undefined) return undefined;
      const owns = new Set<string>();
      for await (const page of paginateListStackResources({ client: cloudFormation }, { StackName }))
        for (const { PhysicalResourceId, ResourceStatus } of page.StackResourceSummaries ?? [])
          if (PhysicalResourceId !== undefined && !ResourceStatus?.startsWith("DELETE_")) owns.add(PhysicalResourceId);
      return {
        status: stack.StackStatus ?? "",
        isProtected: stack.EnableTerminationProtection === true,
        owns,
      };
    },
    exists: (type, name) => look[type](name),
  };
}

/** The errors by which AWS's services say that something does not exist. CloudFormation's `ValidationError` also means other mistakes. */
const MISSING = [
  "ResourceNotFoundException",
  "NotFound",
  "NoSuchBucket",
  "QueueDoesNotExist",
  "AWS.SimpleQueueService.NonExistentQueue",
  "ParameterNotFound",
  "ValidationError",
];

async function unlessMissing<T>(asking: Promise<T>): Promise<T | undefined> {
  return asking.catch((error: Error) => {
    if (MISSING.includes(error.name)) return undefined;
    throw error;
  });
}

const isThere = async (asking: Promise<object>): Promise<boolean> => (await unlessMissing(asking)) !== undefined;
