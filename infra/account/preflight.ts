import { inParallel } from "../../shared/kernel/in-parallel.ts";
import type { Config } from "../config.ts";
import type { AwsAccount, Stack } from "./aws-account.ts";
import type { Named, NamedType, Wanted } from "./names.ts";

/** What a check found. `stops`: the deployment would fail; `adoptable`: unless it is told to adopt what is there. */
export type Finding = { check: string; stops: boolean; adoptable?: true; says: string };

/** The stacks ask for this version of what `cdk bootstrap` makes. */
const BOOTSTRAP_VERSION = 6;

/** AWS wants so many calls at once to stay free for functions that have none reserved. */
const UNRESERVED_AT_LEAST = 100;

/** CloudFormation adopts these by their names, with `--import-existing-resources`. */
const ADOPTABLE: readonly NamedType[] = ["AWS::DynamoDB::GlobalTable", "AWS::S3::Bucket"];

/** Looks whether an account has what the deployment needs and nothing that is in its way. It changes nothing. */
export async function preflight(account: AwsAccount, wanted: Wanted): Promise<Finding[]> {
  const found = await Promise.all(wanted.stacks.map((name) => account.stack(name)));
  const stacks = new Map(wanted.stacks.map((name, index) => [name, found[index]]));
  const checks: Record<string, () => Promise<Finding[]>> = {
    bootstrap: () => bootstrapped(account),
    concurrency: () => concurrencyFor(account, wanted.config, stacks),
    stacks: async () => failedStacks(stacks),
    names: () => namesTaken(account, wanted.named, stacks),
  };
  const findings = Object.entries(checks).map(([check, run]) =>
    // Who deploys need not be allowed to look: the deployment itself will tell.
    run().catch((error: Error): Finding[] => [{ check, stops: false, says: `Could not be checked: ${error.message}` }]),
  );
  return (await Promise.all(findings)).flat();
}

async function bootstrapped(account: AwsAccount): Promise<Finding[]> {
  const check = "bootstrap";
  const version = await account.bootstrapVersion();
  const how = `run \`npx cdk bootstrap aws://${account.id}/${account.region}\``;
  if (version === undefined) return [{ check, stops: true, says: `The account is not prepared for CDK: ${how}.` }];
  if (!(version >= BOOTSTRAP_VERSION))
    return [{ check, stops: true, says: `It is prepared for an older CDK, version ${version}: ${how} again.` }];
  return [{ check, stops: false, says: `Prepared for CDK, version ${version}.` }];
}

async function concurrencyFor(
  account: AwsAccount,
  { env, reservedForSales = 0 }: Config,
  stacks: ReadonlyMap<string, Stack | undefined>,
): Promise<Finding[]> {
  const check = "concurrency";
  const { all, unreserved } = await account.concurrency();
  // What an earlier deployment has reserved is not counted twice. It can't be told from what others reserve, so it is trusted.
  const isFirst = !stacks.get(`vouchsafe-${env}-service`)?.owns.has(`vouchsafe-${env}-place-order`);
  const free = isFirst ? unreserved - UNRESERVED_AT_LEAST : all - UNRESERVED_AT_LEAST;
  if (reservedForSales === 0 || reservedForSales <= free)
    return [{ check, stops: false, says: `${all} calls of functions at once, ${reservedForSales} of them for sales.` }];
  const most = free < 1 ? "none" : String(free);
  return [
    {
      check,
      stops: true,
      says:
        `${reservedForSales} calls at once are to be reserved for sales, but of the account's ${all} only ${Math.max(free, 0)} can be: ` +
        `raise the quota "Concurrent executions" of Lambda, or deploy with \`--context reservedForSales=${most}\`.`,
    },
  ];
}

/** CDK deletes a stack whose creation failed before it makes it anew, but can't where the stack is protected. */
function failedStacks(stacks: ReadonlyMap<string, Stack | undefined>): Finding[] {
  return [...stacks].flatMap(([name, stack]): Finding[] => {
    if (stack === undefined) return [];
    const hasFailed = ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"].includes(stack.status);
    if (!hasFailed || !stack.isProtected) return [];
    const command = `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${name}`;
    return [
      { check: name, stops: true, says: `Its creation failed, and it is protected against deletion: ${command}` },
    ];
  });
}

async function namesTaken(
  account: AwsAccount,
  named: readonly Named[],
  stacks: ReadonlyMap<string, Stack | undefined>,
): Promise<Finding[]> {
  const strangers = named.filter(({ name, stack }) => stacks.get(stack)?.owns.has(name) !== true);
  const taken: Named[] = [];
  await inParallel(8, strangers, async (one) => {
    const isOurs = one.type === "AWS::SQS::Queue" && ownsQueue(stacks.get(one.stack), one.name);
    if (!isOurs && (await account.exists(one.type, one.name))) taken.push(one);
  });
  if (taken.length === 0) return [{ check: "names", stops: false, says: `None of ${named.length} names is taken.` }];
  return taken.map(({ type, name }): Finding => {
    const found = `This ${type} is there and belongs to no stack of ours`;
    return ADOPTABLE.includes(type)
      ? {
          check: name,
          stops: true,
          adoptable: true,
          says: `${found}: deploy with \`--import-existing-resources\` to adopt it, or delete it.`,
        }
      : { check: name, stops: true, says: `${found}: delete it, because CloudFormation would stumble over its name.` };
  });
}

/** A stack knows its queues by their addresses. */
const ownsQueue = (stack: Stack | undefined, name: string): boolean =>
  [...(stack?.owns ?? [])].some((id) => id.endsWith(`/${name}`));
