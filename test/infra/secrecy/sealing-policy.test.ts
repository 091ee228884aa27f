import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { accessTo } from "../../../infra/ops/access.ts";
import { propertiesOf, type Statement, synthesize } from "../../support/infra/templates.ts";

const answer = `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult>
<Stacks><member><StackName>vouchsafe-prod-service</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime>
<StackStatus>CREATE_COMPLETE</StackStatus><Outputs><member><OutputKey>ApiUrl</OutputKey><OutputValue>https://api.example.com/</OutputValue>
</member></Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;

/** What the command line asks AWS for when it is told `--stack prod`. */
async function askedBy(stack: string): Promise<{ action: string; stackName: string }[]> {
  const asked: { action: string; stackName: string }[] = [];
  const server = createServer((request, response) => {
    request.setEncoding("utf8").on("data", (body: string) => {
      const fields = new URLSearchParams(body);
      asked.push({ action: fields.get("Action") ?? "", stackName: fields.get("StackName") ?? "" });
    });
    request.on("end", () => response.writeHead(200, { "Content-Type": "text/xml" }).end(answer));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: "key",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_REGION: "eu-central-1",
  });
  try {
    expect(await accessTo(stack)).toMatchObject({ apiUrl: "https://api.example.com", region: "eu-central-1" });
  } finally {
    process.env = before;
    server.close();
  }
  return asked;
}

test("who may seal stock and do nothing else can use our command line with `--stack prod`", async () => {
  const { service } = synthesize({ env: "prod" });
  const [document] = propertiesOf(service, "AWS::IAM::ManagedPolicy").flatMap(
    ({ ManagedPolicyName, PolicyDocument }) =>
      ManagedPolicyName === "vouchsafe-prod-seal-stock" ? [PolicyDocument as { Statement: Statement[] }] : [],
  );
  const ofCloudFormation = (document?.Statement ?? []).filter(({ Action }) =>
    JSON.stringify(Action).includes("cloudformation:"),
  );
  const asked = await askedBy("prod");
  expect(asked).toHaveLength(1);
  // No more than is asked for, and of this stack alone.
  expect(ofCloudFormation.map(({ Action }) => Action)).toEqual(asked.map(({ action }) => `cloudformation:${action}`));
  for (const { stackName } of asked)
    expect(JSON.stringify(ofCloudFormation[0]?.Resource)).toContain(
      `:cloudformation:eu-central-1:111122223333:stack/${stackName}/*"`,
    );
});
