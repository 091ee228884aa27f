import { Duration } from "aws-cdk-lib";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { LIMITS } from "../../shared/kernel/limits.ts";
import { type Config, nameOf } from "../config.ts";
import { type FunctionName, specOf, timeoutOf } from "../functions.ts";
import { DeadLetters } from "./dead-letters.ts";

const BATCH_SIZE = 10;

export interface QueueConsumerProps {
  readonly name: string;
  readonly consumer: FunctionName;
  readonly config: Config;
  /** Calls of the consumer at once, so that a flood of messages can't take the concurrency of sales. At least 2. */
  readonly maxConcurrency: number;
  /** Messages in one call: as many as its time is long enough for. */
  readonly batchSize?: number;
}

/** A queue with its consumer and dead letters. It exists before its consumer, which may also send to it. */
export class QueueConsumer extends Construct {
  readonly name: string;
  readonly queue: Queue;
  readonly deadLetters: DeadLetters;
  private readonly maxConcurrency: number;
  private readonly batchSize: number;

  constructor(scope: Construct, id: string, props: QueueConsumerProps) {
    super(scope, id);
    const { name, consumer, config, maxConcurrency, batchSize = BATCH_SIZE } = props;
    this.name = name;
    this.maxConcurrency = maxConcurrency;
    this.batchSize = batchSize;
    this.deadLetters = new DeadLetters(this, "DeadLetters", { of: name, config });
    this.queue = new Queue(this, "Queue", {
      queueName: nameOf(config, name),
      // AWS's advice: a batch that is throttled is tried again, not handed to a second call.
      visibilityTimeout: Duration.seconds(6 * timeoutOf(specOf(consumer)).toSeconds()),
      retentionPeriod: Duration.days(14),
      enforceSSL: !config.onLocalEngine,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: LIMITS.triesPerMessage },
    });
  }

  /** One bad message fails alone: the consumer answers with those that it could not process. */
  consumedBy(consumer: LambdaFunction): void {
    consumer.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: this.batchSize,
        maxConcurrency: this.maxConcurrency,
        reportBatchItemFailures: true,
      }),
    );
  }
}
