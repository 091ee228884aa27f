import { Duration } from "aws-cdk-lib";
import { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { deadLettersOf } from "../../shared/dead-letters/catalogue.ts";
import { type Config, keepOnceCreated, nameOf } from "../config.ts";
import { explain } from "../explained.ts";

/** What could not be processed, kept as long as SQS can until an operator has looked; never empty without an alarm. */
export class DeadLetters extends Queue {
  constructor(scope: Construct, id: string, props: { readonly of: string; readonly config: Config }) {
    const { of, config } = props;
    super(scope, id, {
      queueName: nameOf(config, deadLettersOf(of)),
      retentionPeriod: Duration.days(14),
      enforceSSL: !config.onLocalEngine,
      removalPolicy: keepOnceCreated(config),
    });
    explain(this, "AwsSolutions-SQS3", "This is itself where dead letters go.");
  }
}
