import { type App, Tags, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { configOf, nameOf } from "./config.ts";
import { explain } from "./explained.ts";
import { DataStack } from "./stacks/data.ts";
import { ObservabilityStack } from "./stacks/observability.ts";
import { ServiceStack } from "./stacks/service.ts";

/**
 * The stacks of one environment, `--context env=local|dev|prod`, in the account and region that the CLI is used with.
 * `--context alarmEmail=…` names who is told when something is wrong.
 */
export function addVouchsafe(app: App) {
  const config = configOf(app.node.tryGetContext("env") ?? "local", app.node.tryGetContext("sales"));
  const account = process.env["CDK_DEFAULT_ACCOUNT"];
  const region = process.env["CDK_DEFAULT_REGION"];
  const env = account === undefined || region === undefined ? {} : { account, region };

  const data = new DataStack(app, nameOf(config, "data"), { config, env, terminationProtection: config.keepsData });
  const service = new ServiceStack(app, nameOf(config, "service"), { config, env, data });
  const alarmEmail = app.node.tryGetContext("alarmEmail") as string | undefined;
  const { apiId } = service;
  const observability = new ObservabilityStack(app, nameOf(config, "observability"), {
    config,
    env,
    apiId,
    alarmEmail,
  });

  Tags.of(app).add("vouchsafe:environment", config.env);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  if (config.onLocalEngine) explain(service, "AwsSolutions-SQS4", "The local engine has no other connections.");
  return { config, data, service, observability };
}
