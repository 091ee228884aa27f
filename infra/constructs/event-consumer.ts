import type { EventBus } from "aws-cdk-lib/aws-events";
import { EventField, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import type { Construct } from "constructs";
import { EVENT_SOURCE } from "../../shared/events/emit.ts";
import { detailTypeOf } from "../../shared/events/event.ts";
import { type Config, nameOf } from "../config.ts";
import type { QueueConsumer } from "./queue-consumer.ts";

export interface HearEventsProps {
  readonly config: Config;
  readonly bus: EventBus;
  /** Kinds of things: the consumer hears all that is told of them. */
  readonly of: readonly string[];
  readonly by: QueueConsumer;
}

/**
 * Leads news from the bus to a consumer's queue. EventBridge tries for a day to deliver it there; then it is a dead letter of
 * this consumer, like what the consumer can't process.
 */
export function hearEvents(scope: Construct, { config, bus, of, by }: HearEventsProps): void {
  new Rule(scope, `${by.node.id}Rule`, {
    ruleName: nameOf(config, by.name),
    eventBus: bus,
    eventPattern: { source: [EVENT_SOURCE], detailType: of.map(detailTypeOf) },
    targets: [new SqsQueue(by.queue, { deadLetterQueue: by.deadLetters })],
  });
}

/**
 * Leads orders whose buyers can be reached to a queue, after one of these events: `{ orderId }` and nothing else. An order without a
 * contact costs nothing here.
 */
export function hearReachable(
  scope: Construct,
  { config, bus, types, by }: Omit<HearEventsProps, "of"> & { readonly types: readonly string[] },
): void {
  new Rule(scope, `${by.node.id}Rule`, {
    ruleName: nameOf(config, by.name),
    eventBus: bus,
    eventPattern: {
      source: [EVENT_SOURCE],
      detailType: [detailTypeOf("order")],
      detail: { hasContact: [true], types: [...types] },
    },
    targets: [
      new SqsQueue(by.queue, {
        message: RuleTargetInput.fromObject({ orderId: EventField.fromPath("$.detail.subject") }),
        deadLetterQueue: by.deadLetters,
      }),
    ],
  });
}
