import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { Db } from "../../shared/aws/dynamo.ts";
import { notAdmitted } from "../../shared/channels/admission.ts";
import { noteUse } from "../../shared/channels/key-use.ts";
import { authenticate, type Caller } from "../../shared/channels/keys.ts";
import { ok, type Result, refuse } from "../../shared/kernel/problem.ts";
import { clock } from "./clock.ts";
import { errorName, log } from "./log.ts";
import type { Operation } from "./operation.ts";

/** Tells who calls, and refuses who may not. */
export type Authenticate<Who> = (event: APIGatewayProxyEventV2, operation: Operation) => Promise<Result<Who>>;

/**
 * A channel by its API key, which must work now, from this address, and have the operation's scope. The address is the one that API
 * Gateway has seen: what headers such as `X-Forwarded-For` say is the caller's own word, and counts for nothing.
 */
export function channels(deps: Db<"identity" | "operations">): Authenticate<Caller> {
  return async (event, operation) => {
    const bearer = /^Bearer ([\x21-\x7e]+)$/i.exec(event.headers["authorization"] ?? "");
    const caller = bearer?.[1] === undefined ? undefined : await authenticate(deps, bearer[1]);
    const [now, address] = [clock(), event.requestContext.http.sourceIp];
    const closed = caller === undefined ? "ended" : notAdmitted(caller, { now, address });
    if (caller === undefined || closed === "ended")
      return refuse("unauthorized", "Send Authorization: Bearer and a valid API key.");
    if (closed === "elsewhere") return refuse("forbidden", "The API key may not be used from this address.");
    if (operation.scope !== undefined && !caller.scopes.includes(operation.scope))
      return refuse("forbidden", `The API key lacks the scope ${operation.scope}.`);
    await noted(deps, caller, address, now);
    return ok(caller);
  };
}

/** Notes that the key is used. A note that fails must keep nobody from what they have bought. */
async function noted(deps: Db<"operations">, caller: Caller, address: string, now: Date): Promise<void> {
  try {
    await noteUse(deps, caller, address, now);
  } catch (error) {
    log("key_use_not_noted", { keyId: caller.keyId, error: errorName(error) }, error);
  }
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
