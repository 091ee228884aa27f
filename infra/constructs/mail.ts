import { CfnOutput, Stack, Token } from "aws-cdk-lib";
import { EventBus, EventField, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import {
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
} from "aws-cdk-lib/aws-ses";
import { Construct } from "constructs";
import type { Notice } from "../../shared/messages/table.ts";
import { type Config, keepOnceCreated, nameOf } from "../config.ts";
import type { QueueConsumer } from "./queue-consumer.ts";

export interface MailProps {
  readonly config: Config;
  /** The domain that mail is sent from. */
  readonly domain: string;
  /** Hears what became of mail. */
  readonly by: QueueConsumer;
}

/**
 * What SES tells later, by the notice that we make of it (SES, "Contents of event data that Amazon SES publishes"). Only a permanent
 * bounce says that a mailbox isn't there; a reader who takes mail out of the unwanted ones does not complain.
 */
const NOTICES: Readonly<Record<string, { notice: Notice; type: string; detail: object }>> = {
  Bounced: { notice: "bounced", type: "Email Bounced", detail: { bounce: { bounceType: ["Permanent"] } } },
  BouncedForNow: {
    notice: "deferred",
    type: "Email Bounced",
    detail: { bounce: { bounceType: [{ "anything-but": ["Permanent"] }] } },
  },
  Delayed: { notice: "deferred", type: "Email Delivery Delayed", detail: {} },
  Complained: {
    notice: "complained",
    type: "Email Complaint Received",
    detail: { complaint: { complaintFeedbackType: [{ exists: false }, { "anything-but": ["not-spam"] }] } },
  },
};

/**
 * Mail by Amazon SES: the domain, which it signs for (Easy DKIM), and a configuration set that tells of bounces and complaints. They go
 * straight from the account's bus into the queue of messages as order, message and notice: no address leaves SES's event. It is kept when
 * the stack goes, because a domain takes days to be trusted again.
 */
export class MailBySes extends Construct {
  constructor(scope: Construct, id: string, { config, domain, by }: MailProps) {
    super(scope, id);
    const { region } = Stack.of(this);
    if (!Token.isUnresolved(region) && region.startsWith("cn-"))
      throw new Error("There is no Amazon SES in aws-cn: leave mailDomain out, and send mail by SMTP.");
    const name = nameOf(config, "mail");
    const set = new ConfigurationSet(this, "Set", {
      configurationSetName: name,
      // Links are secrets: no mail goes over a line that others can read.
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
      reputationMetrics: true,
    });
    set.addEventDestination("Notices", {
      destination: EventDestination.eventBus(EventBus.fromEventBusName(this, "Default", "default")),
      events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT, EmailSendingEvent.DELIVERY_DELAY],
    });
    const identity = new EmailIdentity(this, "Domain", { identity: Identity.domain(domain), configurationSet: set });
    for (const kept of [set, identity]) kept.applyRemovalPolicy(keepOnceCreated(config));
    for (const [rule, { notice, type, detail }] of Object.entries(NOTICES))
      new Rule(this, rule, {
        ruleName: nameOf(config, `mail-${rule.toLowerCase()}`),
        eventPattern: {
          source: ["aws.ses"],
          detailType: [type],
          detail: {
            ...detail,
            // A mail by which an operator has tried a sender is of no order.
            mail: {
              tags: { "ses:configuration-set": [name], order: [{ exists: true }], message: [{ exists: true }] },
            },
          },
        },
        targets: [
          new SqsQueue(by.queue, {
            message: RuleTargetInput.fromObject({
              orderId: EventField.fromPath("$.detail.mail.tags.order[0]"),
              messageId: EventField.fromPath("$.detail.mail.tags.message[0]"),
              notice,
            }),
            deadLetterQueue: by.deadLetters,
          }),
        ],
      });
    new CfnOutput(this, "SetOutput", { value: name }).overrideLogicalId("MailConfigurationSet");
    for (const [index, record] of identity.dkimRecords.entries())
      new CfnOutput(this, `Dkim${index}Output`, { value: `${record.name} CNAME ${record.value}` }).overrideLogicalId(
        `MailDkimRecord${index + 1}`,
      );
  }
}
