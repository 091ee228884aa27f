import { type App, type Environment, Tags, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { type Config, configOf, nameOf, settingsOfAllDeployments, settingsOfOneDeployment } from "./config.ts";
import { explain } from "./explained.ts";
import { account, region } from "./local/deploy.ts";
import { DataStack } from "./stacks/data.ts";
import { ObservabilityStack } from "./stacks/observability.ts";
import { RoomsStack } from "./stacks/rooms.ts";
import { WorkersStack } from "./stacks/workers.ts";

/**
 * Adds the stacks of one environment, `--context env=local|dev|prod`, in the account and region of the CDK command
 * line. `cdk.json` holds the address that alarms go to.
 */
export function addVouchsafe(app: App) {
  const config = configFrom(app);
  const env = placeOf(config);

  const data = new DataStack(app, nameOf(config, "data"), { config, env, terminationProtection: config.keepsData });
  const workers = new WorkersStack(app, nameOf(config, "service"), { config, env, data });
  const { apiId } = workers.httpApi;
  const called = { config, env, workers };
  const storefront = new RoomsStack(app, nameOf(config, "storefront"), {
    ...called,
    rooms: ["storefront", "buyer", "developer", "supplier", "payment"],
  });
  const operator = new RoomsStack(app, nameOf(config, "operator"), { ...called, rooms: ["operator"] });
  const observability = new ObservabilityStack(app, nameOf(config, "observability"), { config, env, apiId });

  Tags.of(app).add("vouchsafe:environment", config.env);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  if (config.onLocalEngine) explain(workers, "AwsSolutions-SQS4", "The local engine has no other connections.");
  return { config, data, workers, storefront, operator, observability };
}

/** Reads the configuration. `--context` counts more than `cdk.json`. Without `env` it is the local environment. */
function configFrom({ node }: App): Config {
  const name = (node.tryGetContext("env") as string | undefined) ?? "local";
  for (const setting of settingsOfAllDeployments)
    if (node.tryGetContext(setting) !== undefined)
      throw new Error(
        `${setting} belongs into cdk.json, under context.vouchsafe.${name}: every deployment must know it.`,
      );
  const kept = (node.tryGetContext("vouchsafe") as Record<string, object> | undefined)?.[name];
  const said: [string, unknown][] = settingsOfOneDeployment.map((setting) => [
    setting,
    node.tryGetContext(setting) as unknown,
  ]);
  return configOf(name, { ...kept, ...Object.fromEntries(said.filter(([, value]) => value !== undefined)) });
}

/**
 * Gives the account and region of the deployment. The local configuration keeps no data and trusts everybody on the
 * machine. So it always names the local engine's account, and CDK refuses to deploy it to another one.
 */
function placeOf({ onLocalEngine }: Config): Environment {
  if (onLocalEngine) return { account, region };
  const [inAccount, inRegion] = [process.env["CDK_DEFAULT_ACCOUNT"], process.env["CDK_DEFAULT_REGION"]];
  return inAccount === undefined || inRegion === undefined ? {} : { account: inAccount, region: inRegion };
}
