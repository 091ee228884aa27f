import { randomBytes } from "node:crypto";
import {
  DeleteRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { credentials } from "../../../infra/local/deploy.ts";
import type { LocalStack } from "../../../infra/local/stack-file.ts";
import { EVENT_SOURCE } from "../../../shared/events/emit.ts";
import { detailTypeOf, kindOf, type Told, type ToldNews, type ToldTogether } from "../../../shared/events/event.ts";
import { eventually } from "../orders/shop.ts";

/** An event as a consumer gets it. */
export type Heard = Told & { orderId?: string };

/** Somebody who listens on the bus the way consumers do: a rule, and a queue behind it. */
export async function listen(stack: LocalStack) {
  const settings = { endpoint: stack.awsEndpoint, region: stack.region, credentials };
  const events = new EventBridgeClient(settings);
  const sqs = new SQSClient(settings);
  const name = `listener-${randomBytes(6).toString("hex")}`;
  const on = { EventBusName: stack.eventBus };
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
  const EventPattern = JSON.stringify({ source: [EVENT_SOURCE] });
  await events.send(new PutRuleCommand({ ...on, Name: name, EventPattern }));
  await events.send(
    new PutTargetsCommand({ ...on, Rule: name, Targets: [{ Id: "1", Arn: Attributes?.["QueueArn"] ?? "" }] }),
  );
  const heard: Heard[] = [];

  async function take(): Promise<void> {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    for (const { Body = "", ReceiptHandle } of Messages) {
      const { "detail-type": kind, detail } = JSON.parse(Body) as {
        "detail-type": string;
        detail: ToldNews | ToldTogether;
      };
      for (const { types, events: told } of "news" in detail ? detail.news : [detail]) {
        const said = told.map(({ type }) => type);
        if (said.some((type) => kind !== detailTypeOf(kindOf(type)) || !types.includes(type)))
          throw new Error(`${kind} of ${types.join()} says ${said.join()}`);
        heard.push(...told);
      }
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }

  /** `subject` is an order or a product. */
  const about = (subject: string): Heard[] => {
    const isMeant = ({ orderId, productId }: Heard): boolean => orderId === subject || productId === subject;
    return [...new Map(heard.filter(isMeant).map((event) => [event.id, event])).values()];
  };

  return {
    /** What was told of it, repeats dropped as consumers do, once there is such an event. */
    until: (subject: string, type: string): Promise<Heard[]> =>
      eventually(async () => {
        await take();
        const told = about(subject);
        return told.some((event) => event.type === type) ? told : undefined;
      }, `${type} of ${subject}`),
    about,
    close: async (): Promise<void> => {
      await events.send(new RemoveTargetsCommand({ ...on, Rule: name, Ids: ["1"] }));
      await events.send(new DeleteRuleCommand({ ...on, Name: name }));
      await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    },
  };
}
