import { simpleParser } from "mailparser";
import { senderOf } from "../../../shared/messages/registry.ts";
import { httpServer, type Said } from "./http-party.ts";
import { MOODS, type Mood, type Party, type Taken } from "./sender-conformance.ts";

/** The ports of 127.0.0.1 at which nobody listens. */
const NOBODY = "http://127.0.0.1:3";

const error = (status: number, name: string, more: object = {}): Said => ({
  status,
  headers: { "content-type": "application/json", "x-amzn-errortype": name },
  body: JSON.stringify({ __type: name, message: "about anna@example.com", ...more }),
});

type Wire = {
  errors: Readonly<Partial<Record<Mood, Said>>>;
  /** What a message looks like there. Throws if a call is none that the service's documents describe. */
  read: (url: string, headers: NodeJS.Dict<string | string[]>, body: string) => Promise<Taken>;
};

/** A service of AWS as the other side, and our adapter that speaks to it by AWS's own client. */
async function awsParty(
  { errors, read }: Wire,
  of: Pick<Party, "medium" | "linkIn"> & { protocol: "ses" | "aws-sms"; settings: object },
): Promise<Party> {
  let mood: Mood = "takes";
  const taken: Taken[] = [];
  const pending: Promise<unknown>[] = [];
  const server = await httpServer(({ url, headers, body }) => {
    const refusal = errors[mood];
    if (refusal !== undefined) return refusal;
    pending.push(read(url, headers, body).then((one) => taken.push(one)));
    if (mood === "loses_answer") return undefined;
    const ok = { status: 200, headers: { "content-type": "application/json" } };
    return { ...ok, body: mood === "talks_nonsense" ? "<html>" : JSON.stringify({ MessageId: `aws-${taken.length}` }) };
  });
  const speaks = (endpoint: string) => senderOf(of.protocol, { ...of.settings, region: "eu-central-1", endpoint }, {});
  return {
    medium: of.medium,
    moods: MOODS.filter((one) => of.protocol === "aws-sms" || one !== "knows_no_such_recipient"),
    sender: () => {
      const one = speaks(mood === "is_down" ? NOBODY : server.url);
      return {
        send: async (message) => {
          const outcome = await one.send(message);
          await Promise.all(pending);
          return outcome;
        },
      };
    },
    be: (next) => {
      mood = next;
    },
    taken: () => taken,
    linkIn: of.linkIn,
    stop: server.stop,
  };
}

/** Amazon SES, API v2: `POST /v2/email/outbound-emails`. It finds out later that a mailbox isn't there, and tells by an event. */
export const sesParty = (): Promise<Party> =>
  awsParty(
    {
      errors: {
        refuses_message: error(400, "MessageRejected"),
        is_busy: error(429, "TooManyRequestsException"),
        refuses_us: error(403, "AccessDeniedException"),
      },
      read: async (url, _headers, body) => {
        if (url !== "/v2/email/outbound-emails") throw new Error(`nobody answers ${url}`);
        const { Destination, Content } = JSON.parse(body) as {
          Destination: { ToAddresses: string[] };
          Content: { Raw: { Data: string } };
        };
        const parsed = await simpleParser(Buffer.from(Content.Raw.Data, "base64"));
        return { to: Destination.ToAddresses.join(), said: `${parsed.text} ${parsed.html}` };
      },
    },
    {
      protocol: "ses",
      medium: "email",
      settings: { from: "orders@shop.example", configurationSet: "vouchsafe-test" },
      linkIn: (message) => (message.medium === "email" ? (/https:\S+/.exec(message.text)?.[0] ?? "") : ""),
    },
  );

/** AWS End User Messaging SMS: JSON 1.0, `PinpointSMSVoiceV2.SendTextMessage`. */
export const awsSmsParty = (): Promise<Party> =>
  awsParty(
    {
      errors: {
        knows_no_such_recipient: error(400, "ValidationException", {
          Reason: "FIELD_VALIDATION_FAILED",
          Fields: [{ Name: "DestinationPhoneNumber", Message: "not a number" }],
        }),
        refuses_message: error(400, "ValidationException", { Reason: "INVALID_PARAMETER" }),
        is_busy: error(400, "ThrottlingException"),
        refuses_us: error(400, "AccessDeniedException", { Reason: "INSUFFICIENT_ACCOUNT_REPUTATION" }),
      },
      read: async (_url, headers, body) => {
        const target = headers["x-amz-target"];
        if (target !== "PinpointSMSVoiceV2.SendTextMessage") throw new Error(`nobody answers ${String(target)}`);
        const { DestinationPhoneNumber: to, MessageBody: said } = JSON.parse(body) as Record<string, string>;
        return { to: to ?? "", said: said ?? "" };
      },
    },
    {
      protocol: "aws-sms",
      medium: "sms",
      settings: { origin: "pool-0123456789abcdef" },
      linkIn: (message) => (message.medium === "sms" ? (/https:\S+/.exec(message.text)?.[0] ?? "") : ""),
    },
  );
