import { randomBytes } from "node:crypto";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context, SQSEvent } from "aws-lambda";
import { awsOverHttp } from "../engine/aws-over-http.ts";
import { takeShortcut } from "../engine/direct-dynamo.ts";
import { fakeKms, fakeQueues } from "../engine/fake-aws.ts";
import type { Everything } from "../engine/on-second-engine.ts";
import type { SecondEngine } from "../engine/second-engine.ts";
import type { Random } from "../random.ts";
import { stubEnvironment } from "../scenes/operator-functions.ts";
import type { Delivery } from "./cashiers/cashier.ts";
import { parameters } from "./parameters.ts";

const SECRETS_PREFIX = "/payments/";
/** A queue hands a message out so often before it goes to the dead letters. */
const TRIES = 6;
const BATCH = 10;

type Message = { messageId: string; body: string; tries: number };

/**
 * The functions behind payment providers' notifications and the queue of payments, as they are deployed, in this process: the gateway's
 * events go in, and their answers, log lines and metrics come out. Everything else they speak to is a fake, or the second engine.
 */
export async function frontDoor({ deps }: Pick<Everything, "deps">, { endpoint }: Pick<SecondEngine, "endpoint">) {
  const { sqs, sent } = fakeQueues();
  const ssm = parameters();
  const elsewhere = await awsOverHttp({ kms: fakeKms(randomBytes(32)), sqs, ssm });
  const more = {
    ENVIRONMENT: "local",
    PAYMENT_QUEUE_URL: `${elsewhere}/payments`,
    PAYMENT_SECRETS_PREFIX: SECRETS_PREFIX,
  };
  await stubEnvironment(deps, { elsewhere, more });
  const { db } = await import("../../../functions/runtime/dependencies.ts");
  takeShortcut(db, endpoint);
  const { handler: receive } = await import("../../../functions/payment/notifications/receive-notification.ts");
  const { handler: follow } = await import("../../../functions/workers/payments/follow-payment.ts");
  const waiting: Message[] = [];
  const dead: Message[] = [];

  /** A notification comes in by the gateway, which gives headers lower-case names and joins those that came twice. */
  function notify(
    provider: string,
    { body, headers }: Delivery,
    raw?: Buffer,
  ): Promise<APIGatewayProxyStructuredResultV2> {
    const event = {
      routeKey: "POST /v1/payments/{provider}/notifications",
      rawPath: `/v1/payments/${provider}/notifications`,
      pathParameters: { provider },
      headers,
      requestContext: { requestId: crypto.randomUUID(), http: { sourceIp: "192.0.2.1" } },
      ...(raw === undefined ? { body } : { body: raw.toString("base64"), isBase64Encoded: true }),
    };
    return receive(event as unknown as APIGatewayProxyEventV2, {} as Context);
  }

  /** Takes over what was sent to the queue meanwhile. */
  function arrived(): void {
    for (const { MessageBody: body } of sent.splice(0))
      waiting.push({ messageId: crypto.randomUUID(), body, tries: 0 });
  }

  /** Works the queue off in any order; one message in so many is handed out twice, as queues do. */
  async function workOff(random: Random): Promise<void> {
    for (arrived(); waiting.length > 0; arrived()) {
      const batch = Array.from({ length: Math.min(BATCH, waiting.length) }, () =>
        waiting.splice(random.below(waiting.length), 1),
      ).flat();
      const twice = batch.filter(() => random.below(5) === 0);
      const failed = await Promise.all([batch, twice].map(handOut));
      for (const message of batch.filter(({ messageId }) => failed[0]?.has(messageId) === true)) {
        message.tries += 1;
        (message.tries < TRIES ? waiting : dead).push(message);
      }
    }
  }

  async function handOut(messages: readonly Message[]): Promise<Set<string>> {
    if (messages.length === 0) return new Set();
    const Records = messages.map(({ messageId, body }) => ({ messageId, body, messageAttributes: {} }));
    const { batchItemFailures } = await follow({ Records } as unknown as SQSEvent);
    return new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  }

  const paying = { ...deps, sqs, ssm, paymentQueueUrl: `${elsewhere}/payments`, paymentSecretsPrefix: SECRETS_PREFIX };
  return { notify, workOff, dead, deps: { ...paying, environmentName: "local" } };
}
