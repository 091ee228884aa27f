import { AwsClient } from "aws4fetch";
import { configOf, nameOf } from "../config.ts";
import type { Bundle } from "./bundle-functions.ts";
import { credentials, region } from "./deploy.ts";
import { Problem } from "./problems.ts";
import { zipOf } from "./zip.ts";

/** Gives a deployed function other code. It answers by it from the next call on. */
export async function updateCode(endpoint: string, { spec, files }: Bundle): Promise<void> {
  const aws = new AwsClient({ ...credentials, region, service: "lambda", retries: 0 });
  const name = nameOf(configOf("local"), spec.kebabName);
  const answer = await aws.fetch(`${endpoint}/2015-03-31/functions/${name}/code`, {
    method: "PUT",
    body: JSON.stringify({ ZipFile: zipOf(files).toString("base64") }),
  });
  if (!answer.ok)
    throw new Problem(`${name} kept its code: the engine answered ${answer.status} ${await answer.text()}`);
}
