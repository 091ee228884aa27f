import { PinpointSMSVoiceV2Client, SendTextMessageCommand } from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { afterAwsError, clientConfig, inTime, outcomeOf } from "../aws.ts";
import type { MakeSender, SendOutcome } from "../contract.ts";
import type { AwsSmsSettings } from "./settings.ts";

/** What AWS End User Messaging SMS says (`SendTextMessage`), and what it means for a message. */
const ERRORS: Readonly<Record<string, SendOutcome>> = {
  ThrottlingException: { kind: "not_sent", reason: "throttled" },
  ServiceQuotaExceededException: { kind: "not_sent", reason: "quota_used_up" },
  AccessDeniedException: { kind: "not_sent", reason: "unauthorised" },
  ResourceNotFoundException: { kind: "not_sent", reason: "set_up_wrongly" },
};

/**
 * Sends text messages by AWS End User Messaging SMS, which is what Amazon Pinpoint's SMS has become: Pinpoint itself has ended. It is
 * called and not SNS, because only here a message has an origin, a configuration set and a kind of its own. It knows no idempotency.
 */
export const awsSms: MakeSender<AwsSmsSettings, object> = ({ origin, configurationSet, ...settings }) => {
  const client = new PinpointSMSVoiceV2Client(clientConfig(settings));
  return {
    send: async (message) => {
      if (message.medium !== "sms") return { kind: "refused", reason: "wrong_medium", about: "message" };
      try {
        const answer = await client.send(
          new SendTextMessageCommand({
            DestinationPhoneNumber: message.to,
            OriginationIdentity: origin,
            MessageBody: message.text,
            MessageType: "TRANSACTIONAL",
            Context: { message: message.id },
            ...(configurationSet === undefined ? {} : { ConfigurationSetName: configurationSet }),
          }),
          inTime(),
        );
        return outcomeOf(answer);
      } catch (error) {
        return refusalIn(error) ?? afterAwsError(error, ERRORS);
      }
    },
  };
};

/** Reasons that are about the recipient: nobody reaches them by a text message of ours. */
const OF_RECIPIENT = new Set(["DESTINATION_PHONE_NUMBER_OPTED_OUT"]);
/** Reasons that are about us: another message would not be taken either. */
const OF_SETUP = new Set(["DESTINATION_PHONE_NUMBER_NOT_VERIFIED", "INVALID_IDENTITY_FOR_DESTINATION_COUNTRY"]);

type WithReason = Error & { Reason?: string; Fields?: readonly { Name?: string }[] };

/** What a validation or a conflict is about. */
function refusalIn(error: unknown): SendOutcome | undefined {
  const { name, Reason = "", Fields = [] } = error as WithReason;
  if (name !== "ValidationException" && name !== "ConflictException") return undefined;
  if (OF_SETUP.has(Reason)) return { kind: "not_sent", reason: Reason.toLowerCase() };
  if (OF_RECIPIENT.has(Reason)) return { kind: "refused", reason: "opted_out", about: "recipient" };
  if (Fields.some((field) => field.Name === "DestinationPhoneNumber"))
    return { kind: "refused", reason: "no_such_number", about: "recipient" };
  return {
    kind: "refused",
    reason: /^[A-Z_]{1,64}$/.test(Reason) ? Reason.toLowerCase() : "message_invalid",
    about: "message",
  };
}
