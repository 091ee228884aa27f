import { afterAll, describe } from "vitest";
import { aliyunParty } from "../../support/messages/aliyun-party.ts";
import { awsSmsParty, sesParty } from "../../support/messages/aws-parties.ts";
import { senderConforms } from "../../support/messages/sender-conformance.ts";
import { smtpParty } from "../../support/messages/smtp-party.ts";

// The other sides speak the formats that their owners document: a mail server of others, and HTTP as AWS describes it.
Object.assign(process.env, { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" });

const parties = {
  smtp: await smtpParty(),
  ses: await sesParty(),
  awsSms: await awsSmsParty(),
  aliyun: await aliyunParty(),
};
afterAll(() => Promise.all(Object.values(parties).map((party) => party.stop())));

describe("SMTP", () => {
  senderConforms(parties.smtp);
});
describe("Amazon SES", () => {
  senderConforms(parties.ses);
});
describe("AWS SMS", () => {
  senderConforms(parties.awsSms);
});
describe("阿里云短信", () => {
  senderConforms(parties.aliyun);
});
