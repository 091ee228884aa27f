import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { ThrottleSettings } from "aws-cdk-lib/aws-apigatewayv2";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import * as z from "zod";
import { brisk, patient, type RetryPolicy } from "./workflows/retry.ts";

const environments = ["local", "dev", "prod"] as const;

/** What differs between environments, and nothing else does. */
export interface Config {
  readonly env: (typeof environments)[number];
  /** Data outlives its stack: nothing is deleted with it, tables can be restored to any second of 35 days. */
  readonly keepsData: boolean;
  /** Keys can be replicated, so that the stock outlives a region. Can't be changed later: AWS makes a new key for it. */
  readonly multiRegionKeys: boolean;
  /** Where the local engine is not like AWS, the place that asks this says how. */
  readonly onLocalEngine: boolean;
  readonly logRetention: RetentionDays;
  /** How long after an order's last news its watch looks at it. */
  readonly watchAfter: Duration;
  readonly workflowRetry: RetryPolicy;
  /** Sales that run at once, which nothing else in the account can take away. Undefined: whatever the account has. */
  readonly reservedForSales?: number;
  /** Who is told when an alarm goes off, beside those who subscribe to its topic themselves. */
  readonly alarmEmail?: string;
  /** The zone whose days the books are kept in, an IANA name. */
  readonly zone: string;
  /** Nothing is sold, given back or swept: a table is being restored. Operators can still do everything. */
  readonly salesClosed: boolean;
  /** Where buyers find their pages, if not at the address of the API: a domain of the shop that leads to it. */
  readonly pagesUrl?: string;
  /** The domain that mail is sent from by Amazon SES, which the stack then sets up. */
  readonly mailDomain?: string;
  /** Requests a second over the whole API, and how many may come in one burst. Undefined: the account's limits. */
  readonly throttle?: ThrottleSettings;
}

const local: Config = {
  env: "local",
  keepsData: false,
  multiRegionKeys: false,
  onLocalEngine: true,
  logRetention: RetentionDays.ONE_DAY,
  watchAfter: Duration.seconds(5),
  workflowRetry: brisk,
  zone: "UTC",
  salesClosed: false,
};

const dev: Config = {
  env: "dev",
  keepsData: true,
  multiRegionKeys: false,
  onLocalEngine: false,
  logRetention: RetentionDays.ONE_MONTH,
  watchAfter: Duration.minutes(1),
  workflowRetry: patient,
  zone: "UTC",
  salesClosed: false,
};

const prod: Config = {
  ...dev,
  env: "prod",
  multiRegionKeys: true,
  logRetention: RetentionDays.ONE_YEAR,
  // At about 0.1 s a sale, 3,000 a second. Most accounts run 1,000 functions at once: 700 are left to all the others. A new
  // account may run 10: set another number then, `--context reservedForSales=…`.
  reservedForSales: 300,
  throttle: { rateLimit: 5_000, burstLimit: 2_500 },
};

const configs = { local, dev, prod };

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** What the person who deploys may set: in `cdk.json` under `context.vouchsafe.<environment>`, or some of it by `--context`. */
const Settings = z.strictObject({
  /** Sales can be closed while a table is restored. */
  sales: z.literal("closed").optional(),
  /** Who is told when an alarm goes off. */
  alarmEmail: z.email().optional(),
  /** The zone whose days the books are kept in: an IANA name, as Asia/Shanghai. */
  zone: z.string().refine(isZone, "is not a time zone of IANA, as Asia/Shanghai").optional(),
  /** The address of buyers' pages, as https://get.example.com: a custom domain of the API. */
  pagesUrl: z
    .url({ protocol: /^https$/ })
    .regex(/[^/]$/, "ends without a slash")
    .optional(),
  /** The domain that mail is sent from by Amazon SES, as mail.example.com. Without it the stack sets up nothing of SES. */
  mailDomain: z
    .string()
    .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, "is not a domain, as mail.example.com")
    .optional(),
  /** How many sales run at once for sure; `none`: nothing is reserved, and other functions can use up the account's number. */
  reservedForSales: z.union([z.coerce.number().int().min(1).max(100_000), z.literal("none")]).optional(),
});
const names = Object.keys(Settings.shape);

/**
 * What every deployment must know. One that didn't say again whom alarms are told would delete that person's subscription, in
 * the middle of an incident as a rule; one that didn't say the zone again would book on other days from then on, and one that didn't say
 * the domain of mail again would not hear of bounces.
 */
export const settingsOfAllDeployments = [
  "alarmEmail",
  "zone",
  "pagesUrl",
  "mailDomain",
] as const satisfies (keyof z.infer<typeof Settings>)[];

/** What may be said for one deployment only. */
export const settingsOfOneDeployment = names.filter(
  (name) => !(settingsOfAllDeployments as readonly string[]).includes(name),
);

/**
 * Gives the configuration of an environment with these settings. Throws if there is no such environment, or a setting
 * is wrong.
 */
export function configOf(env: unknown, given: Readonly<Record<string, unknown>> = {}): Config {
  const known = environments.find((name) => name === env);
  if (known === undefined) throw new Error(`There is no environment ${String(env)}: use ${environments.join(", ")}.`);
  const settings = Settings.safeParse(given);
  if (!settings.success) throw new Error(`A setting of ${known} is wrong: ${z.prettifyError(settings.error)}`);
  const { sales, reservedForSales, alarmEmail, zone, pagesUrl, mailDomain } = settings.data;
  if (known === "prod" && alarmEmail === undefined)
    throw new Error(
      'Nobody is told of alarms: set "vouchsafe": { "prod": { "alarmEmail": "…" } } in the context of cdk.json.',
    );
  const { reservedForSales: usual, ...config } = configs[known];
  const reserved = reservedForSales === "none" ? undefined : (reservedForSales ?? usual);
  return {
    ...config,
    salesClosed: sales === "closed",
    ...(zone === undefined ? {} : { zone }),
    ...(alarmEmail === undefined ? {} : { alarmEmail }),
    ...(pagesUrl === undefined ? {} : { pagesUrl }),
    ...(mailDomain === undefined ? {} : { mailDomain }),
    ...(reserved === undefined ? {} : { reservedForSales: reserved }),
  };
}

/**
 * The removal policy of tables, buckets and keys: they stay when their stack is deleted or its creation fails. The next
 * deployment can adopt them.
 */
export const keepAlways = ({ keepsData }: Config): RemovalPolicy =>
  keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;

/**
 * The removal policy of queues and logs: they stay when their stack is deleted or replaces them. If the creation of
 * their stack fails they are deleted with it, because CloudFormation can't adopt them, and the next creation would fail
 * over their names.
 */
export const keepOnceCreated = ({ keepsData }: Config): RemovalPolicy =>
  keepsData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;

/** Gives the fixed name of a resource. Operators, alarms and policies can name a resource before it exists. */
export const nameOf = ({ env }: Config, thing: string): string => `vouchsafe-${env}-${thing}`;
