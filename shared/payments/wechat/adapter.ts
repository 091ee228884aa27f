/** WeChat Pay v3 for a merchant of its own: [what we know of it](README.md). */
import type { PaymentMethod, ProviderProtocol, ProviderSettings, Secrets } from "../contract.ts";
import { close } from "./close.ts";
import { complaintsDesk } from "./complaints.ts";
import { type Credentials, merchantOf } from "./credentials.ts";
import { acknowledgement, verifyNotice } from "./notices.ts";
import { queryRefund, refund } from "./refunds.ts";
import { wechatStart } from "./start.ts";
import { wechatStatements } from "./statement.ts";
import { look } from "./trades.ts";

/** Their servers answer within a minute, or never worked on the request. */
const inFlightSeconds = 60;

export const wechat: ProviderProtocol<Credentials> = { ...wechatStart, adapter: wechatAdapter };

export function wechatAdapter(settings: ProviderSettings, credentials: Secrets<Credentials>): PaymentMethod {
  const merchant = merchantOf(credentials);
  const { apiV3Key, previousApiV3Key } = credentials;
  const apiV3Keys = previousApiV3Key === undefined ? [apiV3Key] : [apiV3Key, previousApiV3Key];
  const line = { merchant, settings };
  return {
    inFlightSeconds,
    ...wechatStart.starter(settings, credentials),
    query: (charge) => look(line, charge),
    close: (charge) => close(line, charge),
    refund: (charge, wanted) => refund(line, charge, wanted),
    queryRefund: (charge, wanted) => queryRefund(line, charge, wanted),
    verify: (rawBody, headers, now) => verifyNotice(merchant, apiV3Keys, rawBody, headers, now),
    ack: acknowledgement,
    disputes: complaintsDesk(line),
    statements: wechatStatements(line),
  };
}
