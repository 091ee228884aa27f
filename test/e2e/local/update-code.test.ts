import { AwsClient } from "aws4fetch";
import { expect, onTestFinished, test } from "vitest";
import { bundleFunctions } from "../../../infra/local/bundle-functions.ts";
import { account, credentials, region } from "../../../infra/local/deploy.ts";
import { updateCode } from "../../../infra/local/update-code.ts";
import { zipOf } from "../../../infra/local/zip.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { ownFunction } from "../../support/local/own-function.ts";

const name = "vouchsafe-local-greet";

test("a deployed function answers by its new code as soon as it is updated, though it was warm", async () => {
  const { awsEndpoint } = deployedStack();
  const aws = new AwsClient({ ...credentials, region, service: "lambda", retries: 0 });
  const functions = `${awsEndpoint}/2015-03-31/functions`;
  const said = async () => (await aws.fetch(`${functions}/${name}/invocations`, { method: "POST", body: "{}" })).json();
  const { spec, write } = ownFunction("greet");
  const bundled = async () => {
    const [bundle] = await bundleFunctions([spec]);
    if (bundle === undefined) throw new Error("A function has a bundle.");
    return bundle;
  };

  const created = await aws.fetch(functions, {
    method: "POST",
    body: JSON.stringify({
      FunctionName: name,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: `arn:aws:iam::${account}:role/vouchsafe-local-storefront-api-${region}`,
      Code: { ZipFile: zipOf((await bundled()).files).toString("base64") },
    }),
  });
  onTestFinished(async () => void (await aws.fetch(`${functions}/${name}`, { method: "DELETE" })));
  expect([created.status, await created.text()]).toEqual([201, expect.any(String)]);
  await expect.poll(said).toBe("hello");

  write("said.ts", 'export const said = "goodbye";');
  await updateCode(awsEndpoint, await bundled());
  expect(await said()).toBe("goodbye");
});
