import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { Db } from "../../shared/aws/dynamo.ts";
import { notAdmitted } from "../../shared/channels/admission.ts";
import { noteUse } from "../../shared/channels/key-use.ts";
import { authenticate, type Caller, isApiKey } from "../../shared/channels/keys.ts";
import { checkSigned, useNonce } from "../../shared/channels/signed-requests.ts";
import { ok, type Refusal, type Result, refuse } from "../../shared/kernel/problem.ts";
import { countMiss, type Misser, mustWait } from "../../shared/usage/misses.ts";
import { paceOf } from "../../shared/usage/model.ts";
import { keepPace } from "../../shared/usage/pace.ts";
import { clock } from "./clock.ts";
import { errorName, log } from "./log.ts";
import type { Operation } from "./operation.ts";

type Deps = Db<"identity" | "operations">;

/** Tells who calls, and refuses who may not. `headers`: those that the answer will have, whatever it is. */
export type Authenticate<Who> = (
  event: APIGatewayProxyEventV2,
  operation: Operation,
  headers: Record<string, string>,
) => Promise<Result<Who>>;

/**
 * A channel by its API key, which must work now, from this address, and have the operation's scope. The address is the one that API
 * Gateway has seen: what headers such as `X-Forwarded-For` say is the caller's own word, and counts for nothing.
 */
function channels(deps: Deps): Authenticate<Caller> {
  return async (event, operation, headers) => {
    const [, apiKey = ""] = /^Bearer ([\x21-\x7e]+)$/i.exec(event.headers["authorization"] ?? "") ?? [];
    const caller = await authenticate(deps, apiKey);
    const [now, address] = [clock(), event.requestContext.http.sourceIp];
    if (caller === undefined) return (isApiKey(apiKey) ? await missed(deps, { address }) : undefined) ?? unauthorized();
    if (caller === "revoked") return unauthorized();
    const closed = notAdmitted(caller, { now, address });
    if (closed === "ended") return unauthorized();
    if (closed === "frozen") return refuse("forbidden", "The channel is frozen. Ask the shop's operator.");
    if (closed === "elsewhere") return refuse("forbidden", "The API key may not be used from this address.");
    // Before the pace: who has the key alone must use up nothing of what its channel may ask.
    const { signing } = caller;
    const signed =
      signing === undefined ? ok(undefined) : checkSigned({ keyId: caller.keyId, signing }, messageOf(event), now);
    if (!signed.ok) return (await missed(deps, { address })) ?? signed;
    const slow = await slowed(deps, caller, operation, headers);
    if (slow !== undefined) return slow;
    const isFirst = signed.value === undefined ? signed : await useNonce(deps, caller, signed.value);
    if (!isFirst.ok) return isFirst;
    if (operation.scope !== undefined && !caller.scopes.includes(operation.scope))
      return refuse("forbidden", `The API key lacks the scope ${operation.scope}.`);
    await noted(deps, caller, address, now);
    return ok(caller);
  };
}

/** The request as it was sent. API Gateway has names of headers in lower case. */
const messageOf = ({
  headers,
  rawPath,
  rawQueryString,
  requestContext,
  body,
  isBase64Encoded,
}: APIGatewayProxyEventV2) => ({
  method: requestContext.http.method,
  authority: headers["host"] ?? requestContext.domainName,
  path: pathAsSent(rawPath),
  query: rawQueryString,
  headers,
  body: Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8"),
});

/** API Gateway decodes a path: what no path has as it is was encoded in the one that was sent, and signed (RFC 3986, 3.3). */
const pathAsSent = (rawPath: string): string =>
  rawPath.replaceAll(/[^\w.~!$&'()*+,;=:@/%-]|%(?![\da-f]{2})/giu, (sign) => encodeURIComponent(sign.toWellFormed()));

const unauthorized = (): Refusal => refuse("unauthorized", "Send Authorization: Bearer and a valid API key.");

/**
 * Keeps a channel to its pace, and says in headers where it stands (draft-ietf-httpapi-ratelimit-headers-11). A key that has asked for
 * too many ids which are not its channel's asks for none for a while; what names no id goes on.
 */
async function slowed(
  deps: Deps,
  caller: Caller,
  operation: Operation,
  headers: Record<string, string>,
): Promise<Refusal | undefined> {
  const waits = operation.params === undefined ? undefined : mustWait(deps, caller);
  if (waits !== undefined) return waits;
  const paced = paceOf(caller);
  if (paced === undefined) return undefined;
  const { quota, windowSeconds } = paced.pace;
  const { isIn, left, seconds } = await keepPace(deps, paced.subject, paced.pace);
  headers["RateLimit-Policy"] = `"requests";q=${quota};w=${windowSeconds}`;
  headers["RateLimit"] = `"requests";r=${left};t=${seconds}`;
  if (isIn) return undefined;
  return {
    ...refuse("too_many_requests", `At most ${quota} requests in ${windowSeconds} seconds.`),
    retryAfterSeconds: seconds,
  };
}

/** Counts a try that led nowhere. If it can't be counted, the answer is the one that it has anyway. */
async function missed(deps: Deps, who: Misser): Promise<Refusal | undefined> {
  try {
    return await countMiss(deps, who);
  } catch (error) {
    log("miss_not_counted", { error: errorName(error) }, error);
    return undefined;
  }
}

/** The part of a shell that knows channels: who calls, how fast, and what of it leads nowhere. */
export const forChannels = (deps: Deps) => ({
  authenticate: channels(deps),
  onMissing: (caller: Caller) => missed(deps, caller),
});

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
