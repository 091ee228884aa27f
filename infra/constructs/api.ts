import { CfnOutput } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpIamAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { type Config, keepOnceCreated, nameOf } from "../config.ts";
import { explain } from "../explained.ts";
import { type FunctionName, functionSpecs } from "../functions.ts";
import type { ServiceFunction } from "./service-function.ts";

export interface ApiProps {
  readonly config: Config;
  readonly functions: Readonly<Record<FunctionName, ServiceFunction>>;
}

/** One route for each operation, to the function that answers it. */
export class Api extends Construct {
  readonly httpApi: HttpApi;

  constructor(scope: Construct, id: string, { config, functions }: ApiProps) {
    super(scope, id);
    this.httpApi = new HttpApi(this, "HttpApi", { apiName: nameOf(config, "api"), createDefaultStage: false });
    const stage = this.stage(config);

    const signed = new HttpIamAuthorizer();
    for (const { name, room, operations = {} } of functionSpecs)
      for (const { method, path } of Object.values(operations)) {
        if (path.startsWith("/admin/") !== (room === "operator"))
          throw new Error(`${path}: what operators call, and nothing else, lies under /admin/.`);
        const key = HttpRouteKey.with(path, HttpMethod[method]);
        if (room === "operator") this.route(functions[name], key, signed);
        else
          explain(
            this.route(functions[name], key),
            "AwsSolutions-APIG4",
            "The handler authenticates: an API key's hash, or a supplier's signature.",
          );
      }
    const notFound = this.route(functions.storefrontApi, HttpRouteKey.DEFAULT);
    explain(notFound, "AwsSolutions-APIG4", "It answers 404 to whoever asks.");

    new CfnOutput(this, "ApiId", { value: this.httpApi.apiId }).overrideLogicalId("ApiId");
    new CfnOutput(this, "ApiUrl", { value: stage.url }).overrideLogicalId("ApiUrl");
  }

  private route(handler: ServiceFunction, routeKey: HttpRouteKey, authorizer?: HttpIamAuthorizer): HttpRoute {
    return new HttpRoute(this, routeKey.key, {
      httpApi: this.httpApi,
      routeKey,
      integration: new HttpLambdaIntegration(handler.node.id, handler),
      ...(authorizer === undefined ? {} : { authorizer }),
    });
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
