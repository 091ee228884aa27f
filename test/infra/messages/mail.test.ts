import { describe, expect, test } from "vitest";
import { configOf } from "../../../infra/config.ts";
import type { Notice } from "../../../shared/messages/table.ts";
import { synthesize } from "../../support/infra/templates.ts";
import { bounce, complaint, delay, type SesEvent } from "../../support/messages/ses-events.ts";

// Mail by Amazon SES, as the stack sets it up: who signs, and how bounces and complaints come back.

const mailDomain = "mail.example.com";
const { service, stacks } = synthesize({ env: "dev", vouchsafe: { dev: { mailDomain } } });

type Target = { Arn: object; InputTransformer: { InputPathsMap: Record<string, string>; InputTemplate: string } };
type Rule = { EventPattern: Pattern; Targets: Target[] };
type Pattern = { [name: string]: Pattern | Matcher[] };
type Matcher = string | { exists: boolean } | { "anything-but": string[] };

const rules = Object.values(service.findResources("AWS::Events::Rule"))
  .map((rule) => rule["Properties"] as Rule)
  .filter((rule) => JSON.stringify(rule).includes("aws.ses"));

/** Tells whether an event matches a pattern, by the rules of EventBridge that ours use. */
function isMatched(pattern: Pattern | Matcher[], value: unknown): boolean {
  if (!Array.isArray(pattern))
    return Object.entries(pattern).every(([name, one]) =>
      isMatched(one, (value as Record<string, unknown> | undefined)?.[name]),
    );
  const values = value === undefined ? [] : [value].flat();
  return pattern.some((matcher) => {
    if (typeof matcher === "string") return values.includes(matcher);
    if ("exists" in matcher) return matcher.exists === values.length > 0;
    return values.some((one) => !matcher["anything-but"].includes(one as string));
  });
}

/** Gives what lies in the queue after an event, of each rule that it matches. */
const heard = (event: SesEvent): unknown[] =>
  rules
    .filter(({ EventPattern }) => isMatched(EventPattern, event))
    .flatMap(({ Targets }) =>
      Targets.map(({ InputTransformer: { InputPathsMap, InputTemplate } }) => {
        const filled = Object.entries(InputPathsMap).reduce(
          (text, [name, path]) => text.replaceAll(`<${name}>`, JSON.stringify(at(event, path))),
          InputTemplate,
        );
        return JSON.parse(filled) as unknown;
      }),
    );
const at = (value: unknown, path: string): unknown =>
  path
    .slice(2)
    .split(/[.[\]]+/)
    .filter(Boolean)
    .reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], value);

const tags = { order: ["ord_1"], message: ["msg_1"], "ses:configuration-set": ["vouchsafe-dev-mail"] };
const of = (notice: Notice) => [{ orderId: "ord_1", messageId: "msg_1", notice }];

describe("AWS's own samples of events", () => {
  test("a mailbox that isn't there, a complaint and a delay become notices that name no recipient", () => {
    expect(heard(bounce(tags))).toEqual(of("bounced"));
    expect(heard(complaint(tags))).toEqual(of("complained"));
    expect(heard(delay(tags))).toEqual(of("deferred"));
    for (const event of [bounce(tags), complaint(tags), delay(tags)])
      expect(JSON.stringify(heard(event))).not.toContain("@");
  });

  test("a bounce that may pass only puts off, and who takes mail out of the unwanted ones does not complain", () => {
    for (const bounceType of ["Transient", "Undetermined"])
      expect(heard(bounce(tags, { bounceType }))).toEqual(of("deferred"));
    expect(heard(complaint(tags, { complaintFeedbackType: "not-spam" }))).toEqual([]);
    expect(heard(complaint(tags, { complaintFeedbackType: undefined }))).toEqual(of("complained"));
  });

  test("mail of others in the account, and a mail by which a sender was tried, are not heard", () => {
    const { order: _order, ...tried } = tags;
    for (const some of [{ ...tags, "ses:configuration-set": ["ConfigSet"] }, tried])
      for (const event of [bounce(some), complaint(some), delay(some)]) expect(heard(event)).toEqual([]);
  });
});

test("the domain is signed for, mail goes encrypted, and its events come to the account's bus", () => {
  service.hasResourceProperties("AWS::SES::EmailIdentity", { EmailIdentity: mailDomain });
  service.hasResourceProperties("AWS::SES::ConfigurationSet", {
    Name: "vouchsafe-dev-mail",
    DeliveryOptions: { TlsPolicy: "REQUIRE" },
  });
  service.hasResourceProperties("AWS::SES::ConfigurationSetEventDestination", {
    EventDestination: { Enabled: true, MatchingEventTypes: ["bounce", "complaint", "deliveryDelay"] },
  });
  const outputs = Object.keys(stacks["service"]?.findOutputs("*") ?? {});
  expect(outputs).toEqual(
    expect.arrayContaining(["MailConfigurationSet", "MailDkimRecord1", "MailDkimRecord2", "MailDkimRecord3"]),
  );
});

test("nothing of SES is made where nobody asked for it, and in China the deployment says that there is none", () => {
  expect(synthesize({ env: "dev" }).service.findResources("AWS::SES::EmailIdentity")).toEqual({});
  expect(() => synthesize({ env: "dev", region: "cn-north-1", vouchsafe: { dev: { mailDomain } } })).toThrow(/by SMTP/);
  for (const wrong of ["example", "https://example.com", "Mail.example.com", "-a.example.com", ""])
    expect(() => configOf("dev", { mailDomain: wrong })).toThrow(/mailDomain/);
});
