import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { AwsAccount, Stack } from "../../../infra/account/aws-account.ts";
import { isReady } from "../../../infra/account/check.ts";
import { namedEnvironment } from "../../../infra/account/context.ts";
import { wantedBy } from "../../../infra/account/names.ts";
import { preflight } from "../../../infra/account/preflight.ts";
import { placeAsked } from "../../../infra/account/profile.ts";

const place = { id: "111122223333", region: "eu-central-1" };
const vouchsafe = { prod: { alarmEmail: "alarms@example.com" } };
const wanted = wantedBy({ env: "prod", vouchsafe }, place);
const wantedInDev = wantedBy({ env: "dev" }, place);

/** An account in which a first deployment succeeds, but for what is said. */
function accountWith(more: Partial<AwsAccount> = {}): AwsAccount {
  return {
    ...place,
    bootstrapVersion: async () => 30,
    concurrency: async () => ({ all: 1000, unreserved: 1000 }),
    stack: async () => undefined,
    exists: async () => false,
    ...more,
  };
}
const stopping = async (account: AwsAccount, of = wanted) =>
  (await preflight(account, of)).filter(({ stops }) => stops).map(({ check, says }) => `${check}: ${says}`);

describe("before a first deployment", () => {
  test("a fresh account with the usual quota is ready", async () => {
    expect(await stopping(accountWith())).toEqual([]);
    expect(wanted.named.length).toBeGreaterThan(60);
  });

  test("one that was never prepared for CDK, or for an old one, is not", async () => {
    const how = "npx cdk bootstrap aws://111122223333/eu-central-1";
    for (const version of [undefined, 5, Number.NaN])
      expect(await stopping(accountWith({ bootstrapVersion: async () => version }))).toEqual([
        expect.stringContaining(how),
      ]);
  });

  test.each([
    [10, "none"],
    [100, "none"],
    [250, "150"],
    [399, "299"],
  ])("an account of %d concurrent executions is told what to reserve: %s", async (all, most) => {
    const account = accountWith({ concurrency: async () => ({ all, unreserved: all }) });
    expect(await stopping(account)).toEqual([expect.stringContaining(`--context reservedForSales=${most}\``)]);
    expect(await stopping(account, wantedBy({ env: "prod", vouchsafe, reservedForSales: most }, place))).toEqual([]);
    expect(await stopping(account, wantedInDev)).toEqual([]);
  });

  test("what others have reserved is not there, and what an earlier deployment has reserved is not asked for again", async () => {
    const concurrency = async () => ({ all: 1000, unreserved: 399 });
    expect(await stopping(accountWith({ concurrency }))).toHaveLength(1);
    const service = { status: "UPDATE_COMPLETE", isProtected: false, owns: new Set(["vouchsafe-prod-place-order"]) };
    const stack = async (name: string) => (name === "vouchsafe-prod-service" ? service : undefined);
    expect(await stopping(accountWith({ concurrency, stack }))).toEqual([]);
  });

  test("what a failed one has left is named: what can be adopted, and what must be deleted", async () => {
    const left = ["vouchsafe-prod-orders", "vouchsafe-prod-uploads-111122223333-eu-central-1"];
    const inTheWay = ["vouchsafe-prod-watch-dead-letters", "/aws/lambda/vouchsafe-prod-place-order"];
    const role = "vouchsafe-prod-place-order-eu-central-1";
    const there = [...left, ...inTheWay, role];
    const findings = await preflight(accountWith({ exists: async (_type, name) => there.includes(name) }), wanted);
    const found = findings.filter(({ stops }) => stops);
    expect(found.map(({ check }) => check).toSorted()).toEqual(there.toSorted());
    expect(
      found
        .filter(({ adoptable }) => adoptable)
        .map(({ check }) => check)
        .toSorted(),
    ).toEqual(left.toSorted());
    const owns = new Set([...there, `https://sqs.eu-central-1.amazonaws.com/111122223333/${inTheWay[0]}`]);
    const stack = async (): Promise<Stack> => ({ status: "UPDATE_COMPLETE", isProtected: true, owns });
    expect(await stopping(accountWith({ exists: async (_type, name) => there.includes(name), stack }))).toEqual([]);
  });

  test("a stack whose creation failed and that can't be deleted is named, with the command that helps", async () => {
    const stack = async (name: string): Promise<Stack | undefined> =>
      name.endsWith("-data") ? { status: "ROLLBACK_COMPLETE", isProtected: true, owns: new Set() } : undefined;
    expect(await stopping(accountWith({ stack }))).toEqual([
      expect.stringMatching(
        /^vouchsafe-prod-data: .*--no-enable-termination-protection --stack-name vouchsafe-prod-data$/,
      ),
    ]);
  });

  test.each([
    ["UPDATE_IN_PROGRESS", /wait/],
    ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", /wait/],
    ["ROLLBACK_IN_PROGRESS", /wait/],
    ["DELETE_IN_PROGRESS", /wait/],
    ["DELETE_FAILED", /aws cloudformation delete-stack --stack-name vouchsafe-prod-data$/],
    ["UPDATE_FAILED", /aws cloudformation rollback-stack --stack-name vouchsafe-prod-data, /],
    ["UPDATE_ROLLBACK_FAILED", /aws cloudformation continue-update-rollback --stack-name vouchsafe-prod-data$/],
    ["IMPORT_ROLLBACK_FAILED", /aws cloudformation continue-update-rollback --stack-name vouchsafe-prod-data$/],
  ])("a stack that is %s can't be deployed, and what to do is said", async (status, says) => {
    const stack = async (name: string): Promise<Stack | undefined> =>
      name.endsWith("-data") ? { status, isProtected: true, owns: new Set() } : undefined;
    expect(await stopping(accountWith({ stack }))).toEqual([expect.stringMatching(says)]);
  });

  test.each([
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_COMPLETE",
    "REVIEW_IN_PROGRESS",
  ])("a stack that is %s can be deployed", async (status) => {
    const stack = async (): Promise<Stack> => ({ status, isProtected: true, owns: new Set() });
    expect(await stopping(accountWith({ stack }))).toEqual([]);
  });

  test("what nobody may look at stops nothing and is said, and all else is looked at", async () => {
    const taken = "vouchsafe-prod-orders";
    const exists: AwsAccount["exists"] = async (type, name) => {
      if (type === "AWS::IAM::Role") throw new Error("GetRole: 403");
      return name === taken;
    };
    const findings = await preflight(accountWith({ exists }), wanted);
    const roles = wanted.named.filter(({ type }) => type === "AWS::IAM::Role").length;
    expect(findings).toContainEqual({
      check: "names",
      stops: false,
      says: `${roles} of ${wanted.named.length} could not be checked: GetRole: 403`,
    });
    expect(findings.filter(({ stops }) => stops).map(({ check }) => check)).toEqual([taken]);
  });

  test("a stack that nobody may look at stops nothing and is said; its names are not called taken, other stacks' are", async () => {
    const stack = async (name: string): Promise<undefined> => {
      if (name === "vouchsafe-prod-service") throw new Error("DescribeStacks: denied");
      return undefined;
    };
    const findings = await preflight(accountWith({ stack, exists: async () => true }), wanted);
    const unlooked = { stops: false, says: "Could not be checked: DescribeStacks: denied" };
    expect(findings).toContainEqual({ check: "vouchsafe-prod-service", ...unlooked });
    expect(findings).toContainEqual({ check: "concurrency", ...unlooked });
    const ofOthers = wanted.named.filter(({ stack }) => stack !== "vouchsafe-prod-service").map(({ name }) => name);
    expect(findings.filter(({ stops }) => stops).map(({ check }) => check)).toEqual(ofOthers);
  });
});

test("production without somebody to tell of alarms is refused before the account is asked for anything", () => {
  expect(() => wantedBy({ env: "prod" }, place)).toThrow(/alarmEmail/);
});

test("a deployment to an account names its environment, and never the local one", () => {
  for (const env of [undefined, "local", "Prod", ""]) expect(() => namedEnvironment({ env })).toThrow(/--context env=/);
  for (const env of ["dev", "prod"]) expect(() => namedEnvironment({ env })).not.toThrow();
});

describe("the account that is checked is the one that CDK deploys to", () => {
  test.each([
    [["--profile", "b"], { AWS_PROFILE: "b" }],
    [["--profile=b", "--region", "eu-west-1"], { AWS_PROFILE: "b", AWS_REGION: "eu-west-1" }],
    [["--context", "env=prod"], {}],
  ])("%j", (argv, variables) => expect(placeAsked(argv)).toEqual(variables));

  test("and its checks use that profile and region, whatever the environment says", async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer(({ headers }, answer) => {
      seen.push(headers.authorization);
      answer.writeHead(403).end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const folder = mkdtempSync(join(tmpdir(), "vouchsafe-profile-"));
    const file = join(folder, "credentials");
    writeFileSync(file, "[b]\naws_access_key_id = KEYOFB\naws_secret_access_key = secret\n");
    const before = { ...process.env };
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: "KEYOFA",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_REGION: "eu-central-1",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: file,
    });
    try {
      const argv = ["--context", "env=dev", "--profile", "b", "--region=eu-west-1"];
      await expect(isReady(argv)).rejects.toThrow("The credentials don't work");
    } finally {
      process.env = before;
      server.close();
      rmSync(folder, { recursive: true });
    }
    expect(seen).toEqual([expect.stringMatching(/Credential=KEYOFB\/\d+\/eu-west-1\/sts/)]);
  });

  test("a profile that is said twice or has no name is refused", () => {
    for (const argv of [["--profile"], ["--profile="], ["--profile", "--all"], ["--profile", "a", "--profile=b"]])
      expect(() => placeAsked(argv)).toThrow(/--profile/);
  });
});
