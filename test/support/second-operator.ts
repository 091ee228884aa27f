import { randomBytes } from "node:crypto";
import { AwsClient } from "aws4fetch";
import { credentials } from "../../infra/local/deploy.ts";
import type { LocalStack } from "../../infra/local/stack-file.ts";
import { type OperatorAnswer, type OperatorCall, operatorClient } from "../../infra/ops/client.ts";

/** Somebody else with permission to operate: an IAM user of their own, who may call the operator API and nothing else. */
export async function secondOperator(stack: LocalStack): Promise<(call: OperatorCall) => Promise<OperatorAnswer>> {
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
  const Statement = [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }];
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await iam("PutUserPolicy", { UserName, PolicyName: "operate", PolicyDocument });
  const made = await iam("CreateAccessKey", { UserName });
  const tag = (name: string): string => new RegExp(`<${name}>([^<]+)</${name}>`).exec(made)?.[1] ?? "";
  const own = { accessKeyId: tag("AccessKeyId"), secretAccessKey: tag("SecretAccessKey") };
  return operatorClient({ apiUrl: stack.apiUrl, region: stack.region, credentials: own });
}
