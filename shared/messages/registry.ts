/**
 * The senders' protocols that we speak, whole. A new one is a folder beside `smtp/`, a line here and one in `protocols.ts`. Only the
 * function that sends imports this: it brings libraries along.
 */
import { Secret } from "../kernel/secret.ts";
import { aliyunSms } from "./aliyun-sms/adapter.ts";
import { awsSms } from "./aws-sms/adapter.ts";
import type { MakeSender, Secrets, Sender, SenderDescription, Templates } from "./contract.ts";
import { descriptions, type SenderProtocolName } from "./protocols.ts";
import { ses } from "./ses/adapter.ts";
import { smtp } from "./smtp/adapter.ts";

type Made = (settings: unknown, credentials: unknown, templates: Templates) => Sender;

/** Joins a protocol and its adapter. What is handed to the adapter is what the description allows. */
const spoken =
  <S extends object, C extends object>(description: SenderDescription<S, C>, make: MakeSender<S, C>): Made =>
  (settings, credentials, templates) => {
    const given = Object.entries<string>(description.credentials.parse(credentials) as Record<string, string>);
    const secrets = Object.fromEntries(given.map(([name, value]) => [name, new Secret(value)]));
    return make(description.settings.parse(settings), secrets as Secrets<C>, templates);
  };

const protocols: Readonly<Record<SenderProtocolName, Made>> = {
  "aliyun-sms": spoken(descriptions["aliyun-sms"], aliyunSms),
  "aws-sms": spoken(descriptions["aws-sms"], awsSms),
  ses: spoken(descriptions.ses, ses),
  smtp: spoken(descriptions.smtp, smtp),
};

/** Makes the adapter of a sender. Throws if settings or credentials can't work. */
export const senderOf = (
  name: SenderProtocolName,
  settings: unknown,
  credentials: unknown,
  templates: Templates = {},
): Sender => protocols[name](settings, credentials, templates);
