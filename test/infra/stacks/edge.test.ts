import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { propertiesOf, synthesize } from "../../support/infra/templates.ts";

const { service, observability, data } = synthesize({ env: "prod" });
const routes = propertiesOf(service, "AWS::ApiGatewayV2::Route");

describe("the API", () => {
  test("lets only signed requests through to the operators' functions", () => {
    const admin = routes.filter(({ RouteKey }) => / \/admin\//.test(String(RouteKey)));
    expect(admin.length).toBeGreaterThan(5);
    expect(new Set(admin.map(({ AuthorizationType }) => AuthorizationType))).toEqual(new Set(["AWS_IAM"]));
  });

  test("leaves channels, buyers and suppliers to their handlers", () => {
    const open = routes.filter(({ AuthorizationType }) => AuthorizationType !== "AWS_IAM");
    for (const { RouteKey } of open)
      expect(RouteKey).toMatch(
        /^\$default$|^(GET|POST|PATCH|DELETE) \/v1\/|^(GET|HEAD|POST) \/(d\/\{token\}|find(\/\{token\})?)|^(GET|HEAD) \/docs(\/problems\/\{code\})?$/,
      );
  });

  test("answers whatever it does not know", () => {
    expect(routes.filter(({ RouteKey }) => RouteKey === "$default")).toHaveLength(1);
  });

  test("logs who called which route and how it went: no path, no header, no body, and no text that quotes them", () => {
    const [stage] = propertiesOf(service, "AWS::ApiGatewayV2::Stage");
    const format = JSON.stringify(stage?.["AccessLogSettings"]);
    expect([...format.matchAll(/\$context\.([\w.]+)/g)].map(([, variable]) => variable)).toEqual([
      "requestId",
      "requestTime",
      "identity.sourceIp",
      "identity.userArn",
      "routeKey",
      "status",
      "responseLatency",
      "error.responseType",
      "integrationErrorMessage",
    ]);
  });

  test("keeps what executions of the workflow are given out of their log", () => {
    const [workflow] = propertiesOf(service, "AWS::StepFunctions::StateMachine");
    expect(workflow?.["LoggingConfiguration"]).toMatchObject({ IncludeExecutionData: false });
  });
});

describe("alarms", () => {
  const runbook = readFileSync(new URL("../../../infra/RUNBOOK.md", import.meta.url), "utf8");
  const sections = runbook
    .split(/^## /m)
    .slice(1)
    .map((section) => ({ anchor: section.split("\n", 1)[0]?.toLowerCase().replaceAll(" ", "-"), section }));
  const alarms = propertiesOf(observability, "AWS::CloudWatch::Alarm");

  test("only where orders wait does an alarm about old messages say so", () => {
    const ofOld = alarms.filter(({ AlarmName }) => /-(callbacks|watch|sync|imports)-old$/.test(String(AlarmName)));
    const names = ofOld.flatMap(({ AlarmName, AlarmDescription }) =>
      /\border/.test(String(AlarmDescription)) ? [String(AlarmName)] : [],
    );
    expect(ofOld).toHaveLength(4);
    expect(names.toSorted()).toEqual(["vouchsafe-prod-callbacks-old", "vouchsafe-prod-watch-old"]);
  });

  test("each says what it means to people and where to read on, and somebody is told", () => {
    expect(alarms.length).toBeGreaterThan(30);
    const anchors = sections.map(({ anchor }) => anchor);
    for (const { AlarmDescription, AlarmActions } of alarms) {
      const [, meaning, anchor] = /^(.*\.) See infra\/RUNBOOK\.md#([a-z-]+)$/.exec(String(AlarmDescription)) ?? [];
      expect(meaning?.length).toBeGreaterThan(30);
      expect(anchors).toContain(anchor);
      expect(AlarmActions).toHaveLength(1);
    }
  });

  test("each section of the runbook has a description, an investigation and a resolution, and is linked from somewhere", () => {
    const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
    const links = `${JSON.stringify([data.toJSON(), observability.toJSON()])} ${readme}`;
    for (const { anchor, section } of sections) {
      for (const part of ["Description", "Investigation", "Resolution"]) expect(section).toContain(`**${part}.**`);
      expect([anchor, links.includes(`RUNBOOK.md#${anchor}`)]).toEqual([anchor, true]);
    }
  });
});

describe("the person who is told of alarms", () => {
  const subscriptions = (place: Parameters<typeof synthesize>[0]) =>
    propertiesOf(synthesize(place).observability, "AWS::SNS::Subscription").map(({ Endpoint }) => Endpoint);

  test("stays subscribed whatever else a deployment is told: sales closed, and opened again", () => {
    expect(subscriptions({ env: "prod" })).toEqual(["alarms@example.com"]);
    expect(subscriptions({ env: "prod", sales: "closed" })).toEqual(["alarms@example.com"]);
  });

  test("is wanted in production, and wanted in the configuration", () => {
    expect(() => synthesize({ env: "prod", vouchsafe: {} })).toThrow("Nobody is told of alarms");
    expect(() => synthesize({ env: "prod", alarmEmail: "once@example.com" })).toThrow(
      "alarmEmail belongs into cdk.json",
    );
    expect(() => synthesize({ env: "dev", vouchsafe: { dev: { alarmEmail: "nobody" } } })).toThrow("alarmEmail");
  });
});

test.each(["aws", "aws-cn"] as const)("nothing is tied to a partition: %s", (partition) => {
  const region = partition === "aws-cn" ? "cn-north-1" : "eu-central-1";
  for (const env of ["dev", "prod"] as const) {
    for (const template of synthesize({ env, region }).all) {
      expect(JSON.stringify(template.toJSON())).not.toMatch(/arn:aws[a-z-]*:|amazonaws\.com\.cn/);
    }
  }
});
