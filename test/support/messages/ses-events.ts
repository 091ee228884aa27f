/**
 * Events as Amazon SES publishes them to EventBridge: the envelope of "Monitoring SES events using EventBridge", with the bounce, the
 * complaint and the delay of "Examples of event data that Amazon SES publishes" in the developer guide. Only the tags are chosen by tests.
 */
export type SesEvent = Readonly<Record<string, unknown>>;

type Tags = Readonly<Record<string, readonly string[]>>;

const RECIPIENT = "recipient@example.com";
const FEEDBACK_ID = "01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000";

const event = (type: string, eventType: string, tags: Tags, more: object): SesEvent => ({
  version: "0",
  id: "12345678-1234-1234-1234-123456789012",
  "detail-type": type,
  source: "aws.ses",
  account: "123456789012",
  time: "2017-08-05T00:41:02Z",
  region: "us-east-1",
  resources: ["arn:aws:ses:us-east-1:123456789012:configuration-set/ConfigSet"],
  detail: {
    eventType,
    mail: {
      timestamp: "2017-08-05T00:40:02.012Z",
      source: "Sender Name <sender@example.com>",
      sourceArn: "arn:aws:ses:us-east-1:123456789012:identity/sender@example.com",
      sendingAccountId: "123456789012",
      messageId: "EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000",
      destination: [RECIPIENT],
      headersTruncated: false,
      headers: [
        { name: "From", value: "Sender Name <sender@example.com>" },
        { name: "To", value: RECIPIENT },
        { name: "Subject", value: "Message sent from Amazon SES" },
      ],
      commonHeaders: {
        from: ["Sender Name <sender@example.com>"],
        to: [RECIPIENT],
        messageId: "EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000",
        subject: "Message sent from Amazon SES",
      },
      tags: {
        "ses:source-ip": ["192.0.2.0"],
        "ses:from-domain": ["example.com"],
        "ses:caller-identity": ["ses_user"],
        ...tags,
      },
    },
    ...more,
  },
});

export const bounce = (tags: Tags, said: object = {}): SesEvent =>
  event("Email Bounced", "Bounce", tags, {
    bounce: {
      bounceType: "Permanent",
      bounceSubType: "General",
      bouncedRecipients: [
        {
          emailAddress: RECIPIENT,
          action: "failed",
          status: "5.1.1",
          diagnosticCode: "smtp; 550 5.1.1 user unknown",
        },
      ],
      timestamp: "2017-08-05T00:41:02.669Z",
      feedbackId: FEEDBACK_ID,
      reportingMTA: "dsn; mta.example.com",
      ...said,
    },
  });

export const complaint = (tags: Tags, said: object = {}): SesEvent =>
  event("Email Complaint Received", "Complaint", tags, {
    complaint: {
      complainedRecipients: [{ emailAddress: RECIPIENT }],
      timestamp: "2017-08-05T00:41:02.669Z",
      feedbackId: FEEDBACK_ID,
      userAgent: "Amazon SES Mailbox Simulator",
      complaintFeedbackType: "abuse",
      arrivalDate: "2017-08-05T00:41:02.669Z",
      ...said,
    },
  });

export const delay = (tags: Tags): SesEvent =>
  event("Email Delivery Delayed", "DeliveryDelay", tags, {
    deliveryDelay: {
      timestamp: "2020-06-16T00:25:40.095Z",
      delayType: "TransientCommunicationFailure",
      expirationTime: "2020-06-16T00:25:40.914Z",
      delayedRecipients: [
        {
          emailAddress: RECIPIENT,
          status: "4.4.1",
          diagnosticCode: "smtp; 421 4.4.1 Unable to connect to remote host",
        },
      ],
    },
  });
