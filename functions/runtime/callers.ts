import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { Db } from "../../shared/aws/dynamo.ts";
import { authenticate, type Caller } from "../../shared/channels/keys.ts";
import { ok, type Result, refuse } from "../../shared/kernel/problem.ts";
import type { Operation } from "./operation.ts";

/** Tells who calls, and refuses who may not. */
export type Authenticate<Who> = (event: APIGatewayProxyEventV2, operation: Operation) => Promise<Result<Who>>;

/** A channel by its API key, which must have the operation's scope. */
export function channels(deps: Db<"identity">): Authenticate<Caller> {
  return async (event, operation) => {
    const bearer = /^Bearer ([\x21-\x7e]+)$/i.exec(event.headers["authorization"] ?? "");
    const caller = bearer?.[1] === undefined ? undefined : await authenticate(deps, bearer[1]);
    if (caller === undefined) return refuse("unauthorized", "Send Authorization: Bearer and a valid API key.");
    if (operation.scope !== undefined && !caller.scopes.includes(operation.scope))
      return refuse("forbidden", `The API key lacks the scope ${operation.scope}.`);
    return ok(caller);
  };
}

/** Who is operating, as API Gateway's IAM authorizer has established it. */
export type Operator = { arn: string };

export const operators: Authenticate<Operator> = async (event) => {
  const context = event.requestContext as { authorizer?: { iam?: { userArn?: string } } };
  const arn = context.authorizer?.iam?.userArn;
  return arn === undefined ? refuse("unauthorized", "Sign the request with IAM credentials.") : ok({ arn });
};

/** Open to all: the document of the API, and suppliers, who prove themselves by signature. */
export const anyone: Authenticate<undefined> = async () => ok(undefined);
