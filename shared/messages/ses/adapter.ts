import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { createTransport } from "nodemailer";
import { afterAwsError, clientConfig, inTime, outcomeOf } from "../aws.ts";
import type { Mail, MakeSender, SendOutcome } from "../contract.ts";
import { partsOf } from "../mail.ts";
import type { SesSettings } from "./settings.ts";

/** What Amazon SES (API v2, `SendEmail`) says, and what it means for a message. */
const ERRORS: Readonly<Record<string, SendOutcome>> = {
  MessageRejected: { kind: "refused", reason: "message_refused", about: "message" },
  BadRequestException: { kind: "refused", reason: "message_invalid", about: "message" },
  TooManyRequestsException: { kind: "not_sent", reason: "throttled" },
  LimitExceededException: { kind: "not_sent", reason: "quota_used_up" },
  AccountSuspendedException: { kind: "not_sent", reason: "account_suspended" },
  SendingPausedException: { kind: "not_sent", reason: "sending_paused" },
  MailFromDomainNotVerifiedException: { kind: "not_sent", reason: "domain_not_verified" },
  NotFoundException: { kind: "not_sent", reason: "set_up_wrongly" },
};

/**
 * Sends mail by Amazon SES, which signs it (DKIM). A mail is handed over whole, so that both senders of mail write it alike. SES knows no
 * idempotency. Its events name the message by a tag, and so need no recipient.
 */
export const ses: MakeSender<SesSettings, object> = ({ from, configurationSet, ...settings }) => {
  const client = new SESv2Client(clientConfig(settings));
  const writer = createTransport({ streamTransport: true, buffer: true, newline: "windows" });
  const rawOf = async (message: Mail): Promise<Uint8Array> => {
    const written = await writer.sendMail({
      ...partsOf(from, message),
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    return written.message as Buffer;
  };
  return {
    send: async (message) => {
      if (message.medium !== "email") return { kind: "refused", reason: "wrong_medium", about: "message" };
      try {
        const answer = await client.send(
          new SendEmailCommand({
            FromEmailAddress: from,
            Destination: { ToAddresses: [message.to] },
            Content: { Raw: { Data: await rawOf(message) } },
            EmailTags: message.tags === undefined ? [] : tagsOf(message.tags),
            ...(configurationSet === undefined ? {} : { ConfigurationSetName: configurationSet }),
          }),
          inTime(),
        );
        return outcomeOf(answer);
      } catch (error) {
        return afterAwsError(error, ERRORS);
      }
    },
  };
};

const tagsOf = (tags: Readonly<Record<string, string>>): { Name: string; Value: string }[] =>
  Object.entries(tags).map(([Name, Value]) => ({ Name, Value }));
