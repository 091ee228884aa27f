import { AwsClient } from "aws4fetch";
import { credentials } from "../../../infra/local/deploy.ts";
import type { LocalStack } from "../../../infra/local/stack-file.ts";

/** The log lines of a function that contain this text, which is an id as a rule. */
export async function logLines(stack: LocalStack, functionName: string, containing: string): Promise<string[]> {
  // As every client of AWS does: the engine answers 500 while a function's first line makes the group that it would list.
  const aws = new AwsClient({ ...credentials, region: stack.region, service: "logs", retries: 3 });
  const lines: string[] = [];
  let nextToken: string | undefined;
  do {
    const answer = await aws.fetch(stack.awsEndpoint, {
      method: "POST",
      headers: { "X-Amz-Target": "Logs_20140328.FilterLogEvents", "Content-Type": "application/x-amz-json-1.1" },
      body: JSON.stringify({
        logGroupName: `/aws/lambda/vouchsafe-local-${functionName}`,
        filterPattern: `"${containing}"`,
        nextToken,
      }),
    });
    if (!answer.ok) throw new Error(`logs of ${functionName}: ${answer.status} ${await answer.text()}`);
    const page = (await answer.json()) as { events: { message: string }[]; nextToken?: string };
    lines.push(...page.events.map(({ message }) => message));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return lines;
}
