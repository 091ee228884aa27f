import { rmSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { succeeds } from "./command.ts";
import { cdkCli, localDir, pathWithOurNode, root } from "./places.ts";
import { Problem } from "./problems.ts";

export const account = "000000000000";
export const region = "us-east-1";

/** The engine's root user. */
export const credentials = { accessKeyId: "test", secretAccessKey: "test" } as const;

/** The outputs of all stacks, by name. */
export type Outputs = Readonly<Record<string, string>>;

export interface DeployOptions {
  /** Where the AWS APIs are. A promise lets the app be synthesized while its engine still starts. */
  readonly endpoint: string | Promise<string>;
  /** The environment's configuration to deploy, `local` in all but special cases. */
  readonly env: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly logFile: string;
}

/** Deploys every stack of the app to an engine, from nothing or over what is there. */
export async function deployStacks(options: DeployOptions): Promise<Outputs> {
  // Not in the checkout: two deployments may run at the same time.
  const folder = await mkdtemp(join(tmpdir(), "vouchsafe-deploy-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    return await deployFrom(folder, options);
  } finally {
    process.off("exit", remove);
    remove();
  }
}

async function deployFrom(folder: string, options: DeployOptions): Promise<Outputs> {
  const assembly = join(folder, "cdk.out");
  const outputsFile = join(folder, "outputs.json");
  const [endpoint] = await Promise.all([prepareAccount(options), synthesize(assembly, options)]);
  const deployed = await cdk(endpoint, options, [
    ..."deploy --all --require-approval never --method direct --concurrency 4".split(" "),
    `--outputs-file=${outputsFile}`,
    `--app=${assembly}`,
  ]);
  if (!deployed) throw failed("Deploying the stacks", options);
  const stacks = JSON.parse(await readFile(outputsFile, "utf8")) as Record<string, Record<string, string>>;
  return Object.assign({}, ...Object.values(stacks)) as Outputs;
}

async function prepareAccount(options: DeployOptions): Promise<string> {
  const endpoint = await options.endpoint;
  const template = join(import.meta.dirname, "bootstrap.yaml");
  const done = await cdk(endpoint, options, ["bootstrap", `aws://${account}/${region}`, "--template", template, noApp]);
  if (!done) throw failed(`Preparing the engine at ${endpoint}`, options);
  return endpoint;
}

/** Runs the CDK app by itself, as the CLI would: that saves the CLI's start, and the CLI would want an account to ask. */
async function synthesize(assembly: string, options: DeployOptions): Promise<void> {
  const config = JSON.parse(await readFile(join(root, "cdk.json"), "utf8")) as { context?: Record<string, unknown> };
  const synthesized = await succeeds({
    file: process.execPath,
    args: ["infra/app.ts"],
    cwd: root,
    env: {
      ...environment(),
      CDK_OUTDIR: assembly,
      CDK_CONTEXT_JSON: JSON.stringify({ ...config.context, ...options.context, env: options.env }),
      CDK_DEFAULT_ACCOUNT: account,
      CDK_DEFAULT_REGION: region,
      CDK_VALIDATION: "false", // `npm run check` judges the templates, and so does each deployment to a real account
    },
    logFile: options.logFile,
  });
  if (!synthesized) throw failed("Synthesizing the app", options);
}

function cdk(endpoint: string, options: DeployOptions, args: readonly string[]): Promise<boolean> {
  return succeeds({
    file: process.execPath,
    args: [cdkCli, ...args, "--no-notices"],
    cwd: root,
    env: { ...environment(), AWS_ENDPOINT_URL: endpoint },
    logFile: options.logFile,
  });
}

/** Bootstrapping needs no app, and would synthesize the one in cdk.json. */
const noApp = "--app=";

/**
 * Makes the environment of a local deployment: dummy credentials and none of the user's AWS settings, so that it can
 * never reach a real account.
 */
function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS|CDK)_/.test(name));
  return {
    ...Object.fromEntries(inherited),
    PATH: pathWithOurNode(process.env["PATH"] ?? ""),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: region,
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    CDK_HOME: join(localDir, "cdk"),
    CDK_DISABLE_CLI_TELEMETRY: "true",
    CI: "true", // plain lines on standard output, and no look for a newer CLI
  };
}

const failed = (what: string, { logFile }: DeployOptions) =>
  new Problem(`${what} failed: the reason is at the end of ${logFile}.`);
