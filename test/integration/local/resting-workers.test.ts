import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsClient } from "aws4fetch";
import { afterAll, beforeAll, expect, test } from "vitest";
import { account, credentials, region } from "../../../infra/local/deploy.ts";
import { type Engine, startEngine } from "../../../infra/local/engine.ts";
import { zipOf } from "../../../infra/local/zip.ts";

const aws = new AwsClient({ ...credentials, region, service: "lambda", retries: 0 });
let engine: Engine;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vouchsafe-resting-"));
  engine = await startEngine({ logFile: join(folder, "engine.log"), settings: { LAMBDA_MOST_RESTING: "2" } });
});
afterAll(async () => {
  await engine.stop();
  await rm(folder, { recursive: true });
});

/** A function that answers the number of its process. */
async function create(name: string): Promise<void> {
  const code = "export const handler = async () => process.pid;";
  const created = await aws.fetch(`${engine.endpoint}/2015-03-31/functions`, {
    method: "POST",
    body: JSON.stringify({
      FunctionName: name,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: `arn:aws:iam::${account}:role/test`,
      Code: { ZipFile: zipOf(new Map([["index.mjs", Buffer.from(code)]])).toString("base64") },
    }),
  });
  expect(created.status).toBe(201);
}

async function call(name: string): Promise<number> {
  const answer = await aws.fetch(`${engine.endpoint}/2015-03-31/functions/${name}/invocations`, { method: "POST" });
  return (await answer.json()) as number;
}

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);

test.runIf(existsSync("/proc"))(
  "the engine lets two Lambda workers rest if two may, those that were used last, and starts the others anew",
  async () => {
    for (const name of ["first", "second", "third"]) await create(name);
    const first = await call("first");
    const second = await call("second");
    expect([isAlive(first), isAlive(second)]).toEqual([true, true]);
    const third = await call("third");
    await expect.poll(() => isAlive(first)).toBe(false);
    expect(await call("second")).toBe(second);

    const again = await call("first");
    expect(again).not.toBe(first);
    await expect.poll(() => isAlive(third)).toBe(false);
    expect([await call("second"), await call("first")]).toEqual([second, again]);
  },
);
