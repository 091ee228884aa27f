/** What the senders' protocols need to be told, without the libraries that speak them. */
import { aliyunSmsDescription } from "./aliyun-sms/settings.ts";
import { awsSmsDescription } from "./aws-sms/settings.ts";
import type { SenderDescription } from "./contract.ts";
import { sesDescription } from "./ses/settings.ts";
import { smtpDescription } from "./smtp/settings.ts";

export const descriptions = {
  "aliyun-sms": aliyunSmsDescription,
  "aws-sms": awsSmsDescription,
  ses: sesDescription,
  smtp: smtpDescription,
} as const satisfies Record<string, unknown>;

export type SenderProtocolName = keyof typeof descriptions;
export const senderProtocolNames = Object.keys(descriptions) as [SenderProtocolName, ...SenderProtocolName[]];

/** Gives what a protocol needs to be told. */
export const descriptionOf = (name: SenderProtocolName): SenderDescription => descriptions[name];
