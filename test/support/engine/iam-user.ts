import { randomBytes } from "node:crypto";
import { AwsClient } from "aws4fetch";
import { credentials } from "../../../infra/local/deploy.ts";
import type { LocalStack } from "../../../infra/local/stack-file.ts";

/** What somebody may do: as a statement says, or a policy of the stack. */
export type Permission = { statement: object } | { policyArn: string };

/** An IAM user with this permission and no other; their credentials. */
export async function iamUser(
  stack: LocalStack,
  permission: Permission,
): Promise<{ accessKeyId: string; secretAccessKey: string }> {
  const root = new AwsClient({ ...credentials, region: stack.region, service: "iam", retries: 0 });
  const iam = async (Action: string, more: Record<string, string>): Promise<string> => {
    const body = new URLSearchParams({ Action, Version: "2010-05-08", ...more }).toString();
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const answer = await root.fetch(stack.awsEndpoint, { method: "POST", body, headers });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${Action}: ${answer.status} ${text}`);
    return text;
  };
  const UserName = `operator-${randomBytes(6).toString("hex")}`;
  await iam("CreateUser", { UserName });
  if ("policyArn" in permission) await iam("AttachUserPolicy", { UserName, PolicyArn: permission.policyArn });
  else {
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [permission.statement] });
    await iam("PutUserPolicy", { UserName, PolicyName: "operate", PolicyDocument });
  }
  const made = await iam("CreateAccessKey", { UserName });
  const tag = (name: string): string => new RegExp(`<${name}>([^<]+)</${name}>`).exec(made)?.[1] ?? "";
  return { accessKeyId: tag("AccessKeyId"), secretAccessKey: tag("SecretAccessKey") };
}
