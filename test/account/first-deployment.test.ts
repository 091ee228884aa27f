import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudFormationClient,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  UpdateTerminationProtectionCommand,
} from "@aws-sdk/client-cloudformation";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { awsAccount } from "../../infra/account/aws-account.ts";
import { contextOf } from "../../infra/account/context.ts";
import { wantedBy } from "../../infra/account/names.ts";
import { preflight } from "../../infra/account/preflight.ts";
import { type Engine, startEngine } from "../../infra/local/engine.ts";
import { cdkCli, pathWithOurNode, root } from "../../infra/local/places.ts";

/** To the engine, an access key of twelve digits is an account of its own: here one that is not the local stack's. */
const account = "111122223333";
const region = "eu-central-1";
const folder = mkdtempSync(join(tmpdir(), "vouchsafe-first-"));
const bucket = `vouchsafe-dev-sales-log-${account}-${region}`;
let engine: Engine;
const settings = () => ({
  endpoint: engine.endpoint,
  region,
  credentials: { accessKeyId: account, secretAccessKey: "secret" },
});

beforeAll(async () => {
  const settings = { LAMBDA_ACCOUNT_CONCURRENCY: "300" };
  engine = await startEngine({ logFile: join(folder, "engine.log"), settings });
}, 120_000);
afterAll(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

function environment(): NodeJS.ProcessEnv {
  return {
    AWS_ENDPOINT_URL: engine.endpoint,
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_REGION: region,
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

/** Runs one of our commands as somebody does who has credentials of that account. */
function run(...args: string[]): Promise<{ code: number; printed: string }> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS|CDK)_/.test(name));
  const env = {
    ...Object.fromEntries(inherited),
    ...environment(),
    PATH: pathWithOurNode(process.env["PATH"] ?? ""),
    CDK_HOME: join(folder, "cdk"),
    CDK_DISABLE_CLI_TELEMETRY: "true",
    CI: "true",
  };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: root, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ code, printed: `${stdout}${stderr}` });
    });
  });
}
const cdk = (...args: string[]) => run(cdkCli, ...args, "--no-notices", `--output=${join(folder, "cdk.out")}`);

/** The stacks of the account, but for CDK's own. */
async function stacksThere(): Promise<(string | undefined)[]> {
  const { Stacks = [] } = await new CloudFormationClient(settings()).send(new DescribeStacksCommand({}));
  return Stacks.map(({ StackName }) => StackName).filter((name) => name !== "CDKToolkit");
}

/** Runs what looks at the account as somebody does who has its credentials. */
async function asItsOwner<T>(look: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, environment());
  try {
    return await look();
  } finally {
    process.env = before;
  }
}

const stopping = (argv: readonly string[]) =>
  asItsOwner(async () => {
    const there = await awsAccount();
    const vouchsafe = { prod: { alarmEmail: "alarms@example.com" } };
    const findings = await preflight(there, wantedBy({ ...(await contextOf(argv)), vouchsafe }, there));
    return findings.flatMap(({ stops, check }) => (stops ? [check] : []));
  });

// How long it takes is the machine's affair: these bounds are for what would never end.
describe("in an account that is not the local engine's", { timeout: 900_000 }, () => {
  test("a deployment that names no environment is refused by our command, and the local one by CDK", async () => {
    const asked = await run("infra/account/deploy.ts");
    expect(asked).toMatchObject({ code: 1, printed: expect.stringContaining("--context env=dev") as string });
    const direct = await cdk("deploy", "vouchsafe-local-data", "--require-approval", "never");
    expect(direct.code).not.toBe(0);
    expect(direct.printed).toContain("aws://000000000000/us-east-1");
    expect(await stacksThere()).toEqual([]);
  });

  test("the check names what is missing and what is in the way, and makes nothing", async () => {
    expect(await stopping(["--context", "env=dev"])).toEqual(["bootstrap"]);
    const target = `aws://${account}/${region}`;
    const prepared = await cdk("bootstrap", target, "--template", "infra/local/bootstrap.yaml", "--app=");
    expect([prepared.code, prepared.printed]).toEqual([0, expect.anything()]);
    expect(await stopping(["--context", "env=prod", "-c", "reservedForSales=200"])).toEqual([]);
    expect(await stopping(["--context", "env=prod", "-c", "reservedForSales=201"])).toEqual(["concurrency"]);

    const s3 = new S3Client({ ...settings(), forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const queue = "vouchsafe-dev-watch-dead-letters";
    await new SQSClient(settings()).send(new CreateQueueCommand({ QueueName: queue }));
    expect((await stopping(["-c", "env=dev"])).toSorted()).toEqual([bucket, queue].toSorted());
    expect(await stacksThere()).toEqual([]);
  });

  test("a creation that failed is named, with what stops the next one; that one then adopts the bucket that was left", async () => {
    const context = ["--context", "env=dev", "--require-approval", "never"];
    const failed = await cdk("deploy", "vouchsafe-dev-data", ...context);
    expect(failed.code).not.toBe(0);
    const client = new CloudFormationClient(settings());
    const StackName = "vouchsafe-dev-data";
    expect((await client.send(new DescribeStacksCommand({ StackName }))).Stacks).toMatchObject([
      { StackStatus: "ROLLBACK_COMPLETE", EnableTerminationProtection: true },
    ]);
    expect(await stopping(["-c", "env=dev"])).toEqual(expect.arrayContaining([StackName, bucket]));

    // As the check says.
    await client.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false }));
    expect(await stopping(["-c", "env=dev"])).not.toContain(StackName);
    // Not carried out: the local engine plans an import as AWS does, but then takes the bucket's name for a conflict.
    const planned = await cdk("deploy", StackName, ...context, "--import-existing-resources", "--no-execute");
    expect([planned.code, planned.printed]).toEqual([0, expect.anything()]);
    const plan = await client.send(new DescribeChangeSetCommand({ StackName, ChangeSetName: "cdk-deploy-change-set" }));
    const changes = plan.Changes?.map(({ ResourceChange }) => ResourceChange) ?? [];
    expect(changes.filter((change) => change?.Action === "Import")).toEqual([
      expect.objectContaining({ ResourceType: "AWS::S3::Bucket", PhysicalResourceId: bucket }),
    ]);
    expect(changes.filter((change) => change?.Action !== "Import").map((change) => change?.Action)).not.toContain(
      "Modify",
    );
  });
});
