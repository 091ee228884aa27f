import { AwsClient } from "aws4fetch";
import { expect } from "vitest";
import { credentials } from "../../../infra/local/deploy.ts";
import type { LocalStack } from "../../../infra/local/stack-file.ts";

/** Calls a deployed function as its schedule or rule would, now. */
export async function invoke(stack: LocalStack, functionName: string, payload: object = {}): Promise<void> {
  const aws = new AwsClient({ ...credentials, region: stack.region, service: "lambda", retries: 0 });
  const url = `${stack.awsEndpoint}/2015-03-31/functions/vouchsafe-local-${functionName}/invocations`;
  const answer = await aws.fetch(url, { method: "POST", body: JSON.stringify(payload) });
  expect([answer.status, answer.headers.get("X-Amz-Function-Error")]).toEqual([200, null]);
}
