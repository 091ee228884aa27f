import { CfnOutput } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import { HttpApi, HttpStage, LogGroupLogDestination } from "aws-cdk-lib/aws-apigatewayv2";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { type Config, keepOnceCreated, nameOf } from "../config.ts";
import { explain } from "../explained.ts";

/** The API without its routes: each stack of functions adds its own. */
export class Api extends Construct {
  readonly httpApi: HttpApi;

  constructor(scope: Construct, id: string, { config }: { readonly config: Config }) {
    super(scope, id);
    this.httpApi = new HttpApi(this, "HttpApi", { apiName: nameOf(config, "api"), createDefaultStage: false });
    const stage = this.stage(config);
    new CfnOutput(this, "ApiId", { value: this.httpApi.apiId }).overrideLogicalId("ApiId");
    new CfnOutput(this, "ApiUrl", { value: stage.url }).overrideLogicalId("ApiUrl");
  }

  private stage(config: Config): HttpStage {
    const stage = new HttpStage(this, "Stage", {
      httpApi: this.httpApi,
      stageName: "$default",
      autoDeploy: true,
      ...(config.throttle === undefined ? {} : { throttle: config.throttle }),
      ...(config.onLocalEngine
        ? {}
        : { accessLogSettings: { destination: this.accessLog(config), format: accessLogFormat } }),
    });
    if (config.onLocalEngine) explain(stage, "AwsSolutions-APIG1", "Nobody but its developer calls a local stack.");
    return stage;
  }

  private accessLog(config: Config): LogGroupLogDestination {
    return new LogGroupLogDestination(
      new LogGroup(this, "AccessLog", { retention: config.logRetention, removalPolicy: keepOnceCreated(config) }),
    );
  }
}

/**
 * Who called what, and how it went. No headers and no bodies: those carry API keys and goods. Routes by their keys and never
 * paths: a link to goods carries its token in the path. No text of an error: that of a refused signature quotes the path.
 */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: "$context.requestId",
    at: "$context.requestTime",
    sourceIp: "$context.identity.sourceIp",
    caller: "$context.identity.userArn",
    route: "$context.routeKey",
    status: "$context.status",
    latencyMs: "$context.responseLatency",
    error: "$context.error.responseType",
    integrationError: "$context.integrationErrorMessage",
  }),
);
