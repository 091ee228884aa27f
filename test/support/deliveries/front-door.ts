import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { awsOverHttp } from "../engine/aws-over-http.ts";
import { takeShortcut } from "../engine/direct-dynamo.ts";
import { fakeParameters, fakeQueues } from "../engine/fake-aws.ts";
import type { Everything } from "../engine/on-second-engine.ts";
import { stubEnvironment } from "../scenes/operator-functions.ts";

type Event = APIGatewayProxyEventV2;
type Answer = APIGatewayProxyStructuredResultV2;

/** Who asks: the address that the gateway saw, and what the program says of itself. */
export type From = { ip: string; headers?: Record<string, string> };

/** What a browser says of a form that the page itself has sent. */
export const FROM_THE_PAGE = {
  "sec-fetch-site": "same-origin",
  "content-type": "application/x-www-form-urlencoded",
} as const;

/**
 * The functions behind buyers' pages, as they are deployed, in this process: the gateway's events go in, their answers come out. Their
 * tables are in the second engine. `queued`: what was sent to queues.
 */
export async function buyersDoor({ deps }: Pick<Everything, "deps">) {
  const { sqs, sent: queued } = fakeQueues();
  const elsewhere = await awsOverHttp({ kms: deps.kms, sqs, ssm: fakeParameters() });
  const more = {
    ENVIRONMENT: "local",
    POWERTOOLS_LOG_LEVEL: "SILENT",
    CODES_KEY: deps.codesKey,
    RECOGNITION_KEY: "recognition",
    MESSAGE_QUEUE_URL: `${elsewhere}/messages`,
    SEARCH_QUEUE_URL: `${elsewhere}/searches`,
  };
  await stubEnvironment(deps, { elsewhere, more });
  const { db } = await import("../../../functions/runtime/dependencies.ts");
  takeShortcut(db, process.env["AWS_ENDPOINT_URL_DYNAMODB"] ?? "");
  const { handler: show } = await import("../../../functions/buyer/delivery/show-delivery.ts");
  const { handler: reveal } = await import("../../../functions/buyer/delivery/reveal-delivery.ts");
  const { handler: find } = await import("../../../functions/buyer/find/find-delivery.ts");

  const call = async (
    handler: (event: Event, context: Context) => Promise<Answer>,
    [method, path]: readonly [string, string],
    { ip, headers = {} }: From,
    { token, form }: { token?: string; form?: Record<string, string> } = {},
  ): Promise<{ status: number; body: string }> => {
    const event = {
      routeKey: `${method} ${path}`,
      rawPath: path.replace("{token}", token ?? ""),
      ...(token === undefined ? {} : { pathParameters: { token } }),
      headers: { host: "shop.example", "accept-language": "en", ...headers },
      requestContext: { requestId: crypto.randomUUID(), http: { sourceIp: ip } },
      ...(form === undefined ? {} : { body: new URLSearchParams(form).toString() }),
    };
    const { statusCode = 0, body = "" } = await handler(event as unknown as Event, {} as Context);
    return { status: statusCode, body };
  };
  return {
    queued,
    open: (token: string, from: From, method: "GET" | "HEAD" = "GET") =>
      call(show, [method, "/d/{token}"], from, { token }),
    reveal: (token: string, from: From, form: Record<string, string> = {}) =>
      call(reveal, ["POST", "/d/{token}/reveal"], from, { token, form }),
    file: (token: string, from: From, form: Record<string, string>) =>
      call(reveal, ["POST", "/d/{token}/file"], from, { token, form }),
    search: (from: From, form: Record<string, string>) => call(find, ["POST", "/find"], from, { form }),
    useOnce: (token: string, from: From) => call(find, ["POST", "/find/{token}"], from, { token, form: {} }),
  };
}
