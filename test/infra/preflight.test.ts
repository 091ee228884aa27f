import { describe, expect, test } from "vitest";
import type { AwsAccount, Stack } from "../../infra/account/aws-account.ts";
import { namedEnvironment } from "../../infra/account/context.ts";
import { wantedBy } from "../../infra/account/names.ts";
import { preflight } from "../../infra/account/preflight.ts";

const place = { id: "111122223333", region: "eu-central-1" };
const vouchsafe = { prod: { alarmEmail: "alarms@example.com" } };
const wanted = wantedBy({ env: "prod", vouchsafe }, place);

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
    expect(wanted.named.length).toBeGreaterThan(150);
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
    expect(await stopping(account, wantedBy({ env: "dev" }, place))).toEqual([]);
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

  test("what nobody may look at stops nothing, and is said", async () => {
    const exists = async () => Promise.reject(new Error("GetRole: 403"));
    const findings = await preflight(accountWith({ exists }), wanted);
    expect(findings).toContainEqual({ check: "names", stops: false, says: "Could not be checked: GetRole: 403" });
  });
});

test("production without somebody to tell of alarms is refused before the account is asked for anything", () => {
  expect(() => wantedBy({ env: "prod" }, place)).toThrow(/alarmEmail/);
});

test("a deployment to an account names its environment, and never the local one", () => {
  for (const env of [undefined, "local", "Prod", ""]) expect(() => namedEnvironment({ env })).toThrow(/--context env=/);
  for (const env of ["dev", "prod"]) expect(() => namedEnvironment({ env })).not.toThrow();
});
