import { inParallel } from "../../shared/kernel/in-parallel.ts";
import type { Config } from "../config.ts";
import type { AwsAccount, Stack } from "./aws-account.ts";
import type { Named, NamedType, Wanted } from "./names.ts";
import { hindranceOf } from "./stack-states.ts";

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
  const stacks: Stacks = new Map(
    await Promise.all(
      wanted.stacks.map(async (name) => {
        const looked = await account.stack(name).catch((error: Error) => error);
        return [name, looked] as const;
      }),
    ),
  );
  const checks: Record<string, () => Promise<Finding[]>> = {
    bootstrap: () => bootstrapped(account),
    concurrency: () => concurrencyFor(account, wanted.config, stacks),
    stacks: async () => stacksInTheWay(stacks),
    names: () => namesTaken(account, wanted.named, stacks),
  };
  const findings = Object.entries(checks).map(([check, run]) =>
    // Who deploys need not be allowed to look: the deployment itself will tell.
    run().catch((error: Error): Finding[] => [unchecked(check, error)]),
  );
  return (await Promise.all(findings)).flat();
}

/** Each stack as it is; undefined: it is not there; an error: nobody could look. */
type Stacks = ReadonlyMap<string, Stack | undefined | Error>;

const unchecked = (check: string, { message }: Error, what = "Could"): Finding => ({
  check,
  stops: false,
  says: `${what} not be checked: ${message}`,
});

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
  stacks: Stacks,
): Promise<Finding[]> {
  const check = "concurrency";
  const service = stacks.get(`vouchsafe-${env}-service`);
  if (service instanceof Error) throw service;
  const { all, unreserved } = await account.concurrency();
  // What an earlier deployment has reserved is not counted twice. It can't be told from what others reserve, so it is trusted.
  const isFirst = !service?.owns.has(`vouchsafe-${env}-place-order`);
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

function stacksInTheWay(stacks: Stacks): Finding[] {
  return [...stacks].flatMap(([check, stack]): Finding[] => {
    if (stack === undefined) return [];
    if (stack instanceof Error) return [unchecked(check, stack)];
    const says = hindranceOf(check, stack);
    return says === undefined ? [] : [{ check, stops: true, says }];
  });
}

async function namesTaken(account: AwsAccount, named: readonly Named[], stacks: Stacks): Promise<Finding[]> {
  const taken: Named[] = [];
  const failures: Error[] = [];
  await inParallel(8, named, async (one) => {
    const stack = stacks.get(one.stack);
    // Whether such a thing is the stack's own, only the stack could say.
    if (stack instanceof Error) return void failures.push(stack);
    const isOurs = stack?.owns.has(one.name) || (one.type === "AWS::SQS::Queue" && ownsQueue(stack, one.name));
    if (isOurs) return;
    const isThere = await account.exists(one.type, one.name).catch((error: Error) => error);
    if (isThere instanceof Error) failures.push(isThere);
    else if (isThere) taken.push(one);
  });
  const messages = [...new Set(failures.map(({ message }) => message))].join("; ");
  const missed =
    failures.length === 0
      ? []
      : [unchecked("names", new Error(messages), `${failures.length} of ${named.length} could`)];
  return [...missed, ...foundAmong(named.length - failures.length, taken)];
}

function foundAmong(looked: number, taken: readonly Named[]): Finding[] {
  if (taken.length === 0) return [{ check: "names", stops: false, says: `None of ${looked} names is taken.` }];
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

/** Tells whether a stack owns the queue of this name. A stack lists its queues by their URLs. */
const ownsQueue = (stack: Stack | undefined, name: string): boolean =>
  [...(stack?.owns ?? [])].some((id) => id.endsWith(`/${name}`));
