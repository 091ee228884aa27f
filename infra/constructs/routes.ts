import { type HttpApi, HttpMethod, HttpRoute, HttpRouteKey } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpIamAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Construct } from "constructs";
import { explain } from "../explained.ts";
import { type FunctionName, type Room, specOf } from "../functions.ts";
import type { ServiceFunction } from "./service-function.ts";

export interface RoutesProps {
  readonly httpApi: HttpApi;
  readonly functions: Readonly<Partial<Record<FunctionName, ServiceFunction>>>;
}

/** One route for each operation of some functions, and one integration for each function. */
export class Routes extends Construct {
  private readonly httpApi: HttpApi;

  constructor(scope: Construct, id: string, { httpApi, functions }: RoutesProps) {
    super(scope, id);
    this.httpApi = httpApi;
    for (const [name, handler] of Object.entries(functions) as [FunctionName, ServiceFunction][])
      this.routesTo(name, handler);
  }

  private routesTo(name: FunctionName, handler: ServiceFunction): void {
    const { room, operations = {} } = specOf(name);
    // One permission for the API, and not one for each route: a stack has 350 resources at most, and routes are what it is made of.
    const integration = new HttpLambdaIntegration(name, handler, { scopePermissionToRoute: false });
    const authorizer = room === "operator" ? { authorizer: new HttpIamAuthorizer() } : {};
    const route = (routeKey: HttpRouteKey): HttpRoute =>
      new HttpRoute(this, routeKey.key, { httpApi: this.httpApi, routeKey, integration, ...authorizer });
    for (const { method, path } of withHeads(room, Object.values(operations))) {
      if (path.startsWith("/admin/") !== (room === "operator"))
        throw new Error(`${path}: what operators call, and nothing else, lies under /admin/.`);
      const made = route(HttpRouteKey.with(path, HttpMethod[method]));
      if (room !== "operator")
        explain(
          made,
          "AwsSolutions-APIG4",
          "The handler authenticates: an API key's hash, a buyer's link, or the signature of a supplier or payment provider.",
        );
    }
    // Which methods an address of theirs takes is told to operators alone: the gateway asks who they are first.
    if (name === "operatorOrders") route(HttpRouteKey.with("/admin/{proxy+}", HttpMethod.ANY));
    if (name === "storefrontApi")
      explain(route(HttpRouteKey.DEFAULT), "AwsSolutions-APIG4", "It answers 404 to everybody.");
  }
}

type Route = { method: keyof typeof HttpMethod; path: string };

/** What programs look at before people do, takes HEAD wherever it takes GET: the pages of buyers and developers. */
const withHeads = (room: Room, operations: readonly Route[]): Route[] =>
  operations.flatMap(({ method, path }): Route[] => [
    { method, path },
    ...((room === "buyer" || room === "developer") && method === "GET" ? [{ method: "HEAD" as const, path }] : []),
  ]);
