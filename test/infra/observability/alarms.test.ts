import { globSync, readFileSync } from "node:fs";
import type { SQSEvent } from "aws-lambda";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { functionSpecs } from "../../../infra/functions.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { differenceOf } from "../../../shared/suppliers/charges.ts";
import { propertiesOf, synthesize } from "../../support/infra/templates.ts";
import { anyEvent, anyOperation as operation } from "../../support/observability/any-call.ts";
import {
  type AlarmProperties,
  aws,
  goesOff,
  metricsOf,
  type Point,
  resolved,
  type Values,
} from "../../support/observability/cloudwatch.ts";
import { published } from "../../support/observability/emf.ts";

// For every alarm: what its cause emits sets it off, by its own metric, dimensions, period and threshold; and what must not wake
// anybody does not. What our functions emit is emitted here by their own shells and counters; what AWS emits is as documented.
Object.assign(process.env, { ENVIRONMENT: "prod", POWERTOOLS_LOG_LEVEL: "SILENT" });
const { count, measure } = await import("../../../functions/runtime/metrics.ts");
const { tellChargeDiffers } = await import("../../../functions/runtime/charges.ts");
const { httpFunction } = await import("../../../functions/runtime/http.ts");
const { queueFunction } = await import("../../../functions/runtime/batch.ts");
const { observability } = synthesize({ env: "prod" });
const alarms = propertiesOf(observability, "AWS::CloudWatch::Alarm") as unknown as AlarmProperties[];
const nameOf = ({ AlarmName }: AlarmProperties): string => AlarmName.replace("vouchsafe-prod-", "");

const prod = (name: string): string => `vouchsafe-prod-${name}`;
const ofFunction = (of: string, values: Values, over?: number) =>
  aws("Lambda", { FunctionName: prod(of) }, values, over);
const ofQueue = (of: string, values: Values, over?: number) => aws("SQS", { QueueName: prod(of) }, values, over);
const workflow = { StateMachineArn: "arn:aws:states:eu-central-1:111122223333:stateMachine:vouchsafe-prod-fulfilment" };
const ofWorkflow = (values: Values): Point[] => aws("States", workflow, values);
/** The API's id is known to its stack only: whatever the alarm names is it, if the service stack exports just that. */
const apiId = metricsOf(alarms.find((alarm) => nameOf(alarm) === "server-errors") as AlarmProperties)
  .flatMap(({ Metric }) => Metric.Dimensions ?? [])
  .map(({ Value }) => resolved(Value))[0] as string;
const ofApi = (values: Values): Point[] => aws("ApiGateway", { ApiId: apiId }, values);
const ago = (minutesAgo: number, points: readonly Point[]): Point[] =>
  points.map((point) => ({ ...point, minutesAgo: point.minutesAgo + minutesAgo }));
const again = (times: number, points: readonly Point[]): Point[] => Array.from({ length: times }, () => points).flat();

/** A call of an HTTP function that fails with an exception, or is refused. */
const called = (name: string, end: "fails" | "refuses" | "is busy"): Promise<Point[]> =>
  published(async () => {
    const shell = { authenticate: async () => ok(undefined) };
    const handler = httpFunction(name, { operation }, shell, {
      operation: async () => {
        if (end === "refuses") return refuse("sold_out", "None is left.");
        throw Object.assign(new Error("x"), end === "fails" ? {} : { name: "ThrottlingException" });
      },
    });
    await (handler as unknown as (event: object, context: object) => Promise<unknown>)(anyEvent, {});
  });

/** A message of which its consumer fails. */
const consumed = (name: string, end: "fails" | "is busy"): Promise<Point[]> =>
  published(async () => {
    const deps = { db: { send: async () => ({}) }, tables: { operations: "t" }, clock: () => new Date() };
    const handler = queueFunction(name, "watch", z.object({}), deps as never, async () => {
      throw Object.assign(new Error("x"), end === "fails" ? {} : { name: "ThrottlingException" });
    });
    await handler({ Records: [{ messageId: "m", body: "{}", messageAttributes: {} }] } as unknown as SQSEvent);
  });

type Case = { rings: Point[]; quiet: Point[] };
type Name = Parameters<typeof count>[0];
const counted = (name: Name): Promise<Point[]> => published(() => count(name));

const sourceOf = (kebabName: string): string =>
  readFileSync(globSync(`functions/*/*/${kebabName}.ts`)[0] ?? "", "utf8");

/** A function fails as its shell makes it fail: with an error that Lambda counts, or answered for and counted by us. */
async function failing(name: string): Promise<Case> {
  const source = sourceOf(name);
  const quiet = ofFunction(name, { Errors: 0, Invocations: 1000 });
  if (source.includes("httpFunction(")) {
    const refused = [...(await called(name, "refuses")), ...(await called(name, "is busy"))];
    return { rings: await called(name, "fails"), quiet: [...quiet, ...refused] };
  }
  if (source.includes("queueFunction("))
    return { rings: await consumed(name, "fails"), quiet: [...quiet, ...(await consumed(name, "is busy"))] };
  return { rings: ofFunction(name, { Errors: 1, Invocations: 1 }), quiet };
}

/** One is enough; none, or one of another environment, is not. */
async function onOne(name: Name): Promise<Case> {
  const rings = await counted(name);
  const elsewhere = rings.map((point) => ({ ...point, dimensions: { ...point.dimensions, environment: "dev" } }));
  return { rings, quiet: elsewhere };
}

/** A supplier that charges as agreed, or less, wakes nobody. */
async function chargesDiffering(): Promise<Case> {
  const { quiet: elsewhere } = await onOne("ChargeDiffers");
  const cny = (amount: number) => ({ amount, currency: "CNY" });
  const charging = (amount: number): Promise<Point[]> =>
    published(() => {
      const how = differenceOf(cny(50), 4, cny(amount));
      if (how !== undefined) tellChargeDiffers({ supplierId: "sup_1", reference: "ord_1-1-1-1", how });
    });
  return { rings: await charging(201), quiet: [...(await charging(200)), ...(await charging(199)), ...elsewhere] };
}

/** A second more than may be. */
const measuredAbove = async (name: Parameters<typeof measure>[0], seconds: number): Promise<Case> => ({
  rings: await published(() => measure(name, seconds + 1)),
  quiet: await published(() => measure(name, seconds)),
});

/** Their own repeats of what we refuse: at once, after five minutes, after half an hour. */
async function refusedThreeTimes(name: Name): Promise<Case> {
  const forged = await counted(name);
  const at = (...minutesAgo: number[]): Point[] => minutesAgo.flatMap((minutes) => ago(minutes, forged));
  return { rings: at(35, 30, 0), quiet: at(30, 0) };
}

const VISIBLE = "ApproximateNumberOfMessagesVisible";
const AGE = "ApproximateAgeOfOldestMessage";

// A look of a watch may be delayed by 900 seconds, which may count for its age.
const late = (queue: string): number => ({ watch: 1500, reconciliations: 7200 })[queue] ?? 600;

/** What sets each alarm off, and what does not, by the alarm's name. */
const causes: Record<string, (what: string) => Promise<Case>> = {
  "^(?!server-)(.+)-errors$": failing,
  "^throttled-functions$": async () => ({
    rings: aws("Lambda", {}, { Throttles: 1 }, 3),
    quiet: aws("Lambda", {}, { Throttles: 50 }, 1),
  }),
  "^(start-fulfilment|settle-money)-late$": async (name) => ({
    rings: ofFunction(name, { IteratorAge: 61_000 }, 3),
    quiet: ofFunction(name, { IteratorAge: 60_000 }, 3),
  }),
  "^(.+-dead-letters)$": async (queue) => ({
    rings: ofQueue(queue, { [VISIBLE]: 1 }),
    quiet: ofQueue(queue, { [VISIBLE]: 0 }),
  }),
  "^(.+)-old$": async (queue) =>
    queue === "reviews"
      ? measuredAbove("OldestReviewSeconds", 86_400)
      : { rings: ofQueue(queue, { [AGE]: late(queue) + 1 }, 3), quiet: ofQueue(queue, { [AGE]: late(queue) }, 3) },
  "^reviews-many$": async () => ({
    rings: await published(() => count("OrdersInReview", 51)),
    // The same fifty, seen each minute, are not two hundred and fifty.
    quiet: (
      await Promise.all(
        [0, 1, 2, 3, 4].map(async (minutes) => ago(minutes, await published(() => count("OrdersInReview", 50)))),
      )
    ).flat(),
  }),
  "^runs-failed$": async () => ({
    rings: ofWorkflow({ ExecutionsFailed: 1 }),
    quiet: ofWorkflow({ ExecutionsSucceeded: 9 }),
  }),
  "^runs-timed-out$": async () => ({
    rings: ofWorkflow({ ExecutionsTimedOut: 1 }),
    quiet: ofWorkflow({ ExecutionsFailed: 0 }),
  }),
  "^runs-aborted$": async () => ({
    rings: ofWorkflow({ ExecutionsAborted: 1 }),
    quiet: ofWorkflow({ ExecutionsFailed: 0 }),
  }),
  "^orders-overdue$": () => onOne("OrderOverdue"),
  "^events-passed$": () => onOne("EventsPassed"),
  "^webhooks-disabled$": () => onOne("WebhookDisabled"),
  // Measured each minute: one look that found it late may have come just before the sender.
  "^webhooks-late$": async () => {
    const late = await published(() => measure("WebhooksLateSeconds", 601));
    return { rings: [0, 1, 2].flatMap((minutes) => ago(minutes, late)), quiet: [...late, ...ago(1, late)] };
  },
  // A few old links are no guesser.
  "^links-guessed$": async () => ({
    rings: await published(() => count("LinkWrong", 101)),
    quiet: await published(() => count("LinkWrong", 100)),
  }),
  "^messages-failed$": () => onOne("MessageFailed"),
  "^messages-late$": () => measuredAbove("MessagesLateSeconds", 1800),
  "^refunds-refused$": () => onOne("RefundRefused"),
  "^refunds-waiting$": async () => ({
    rings: ago(14, await counted("RefundWaits")),
    quiet: ago(16, await counted("RefundWaits")),
  }),
  "^payments-unknown$": () => onOne("PaymentUnknown"),
  "^dispute-deadlines$": () => onOne("DisputeDeadlineNear"),
  "^evidence-refused$": () => onOne("EvidenceRefused"),
  "^cases-late$": () => onOne("CaseLate"),
  "^payments-late$": () => measuredAbove("OldestPaymentSeconds", 900),
  "^statements-different$": () => onOne("DaysDifferent"),
  "^reconciliations-late$": () => onOne("DaysUnreconciled"),
  "^closings-late$": () => onOne("ClosingsLate"),
  "^notifications-forged$": () => refusedThreeTimes("NotificationForged"),
  "^orders-forgotten$": () => onOne("OrderForgotten"),
  "^suppliers-sick$": () => onOne("SupplierSick"),
  "^products-unlisted$": () => onOne("ProductUnlisted"),
  "^restock-stopped$": () => onOne("RestockStopped"),
  "^purchases-reversed$": () => onOne("PurchaseReversed"),
  "^charges-differ$": chargesDiffering,
  "^review-undecided$": () => onOne("ReviewUndecided"),
  "^sync-failed$": async () => {
    const failed = await counted("SyncFailed");
    // A supplier is read each quarter of an hour.
    return {
      rings: [1, 16, 31].flatMap((minutes) => ago(minutes, failed)),
      quiet: [1, 31].flatMap((minutes) => ago(minutes, failed)),
    };
  },
  "^callbacks-forged$": () => refusedThreeTimes("CallbackForged"),
  "^server-errors$": async () => ({
    rings: ofApi({ Count: 5, "5xx": 5 }),
    quiet: ofApi({ Count: 1000, "5xx": 20, "4xx": 900 }),
  }),
  "^sales-failing$": async () => ({
    rings: [
      ...ofFunction("place-order", { Invocations: 5, Errors: 0 }),
      ...again(5, await called("place-order", "fails")),
    ],
    quiet: [
      ...ofFunction("place-order", { Invocations: 100, Errors: 0 }),
      ...again(5, await called("place-order", "fails")),
    ],
  }),
};

async function caseOf(alarm: AlarmProperties): Promise<Case | undefined> {
  for (const [pattern, cause] of Object.entries(causes)) {
    const match = new RegExp(pattern).exec(nameOf(alarm));
    if (match !== null) return cause(match[1] ?? "");
  }
  return undefined;
}

describe.each(alarms.map((alarm) => [nameOf(alarm), alarm] as const))("the alarm %s", (_, alarm) => {
  test("goes off by what its cause emits", async () => {
    const { rings = [] } = (await caseOf(alarm)) ?? {};
    expect(rings.length).toBeGreaterThan(0);
    expect(goesOff(alarm, rings)).toBe(true);
  });

  test("stays quiet otherwise", async () => {
    const { quiet = [] } = (await caseOf(alarm)) ?? {};
    expect(quiet.length).toBeGreaterThan(0);
    expect(goesOff(alarm, quiet)).toBe(false);
    expect(goesOff(alarm, [])).toBe(false);
  });
});

test("a call that Lambda itself ended, by a time-out or before our code ran, sets a function's alarm off too", () => {
  const answering = alarms.filter((alarm) => /^(place|watch)-order-errors$/.test(nameOf(alarm)));
  expect(
    answering.map((alarm) => goesOff(alarm, ofFunction(nameOf(alarm).replace("-errors", ""), { Errors: 1 }))),
  ).toEqual([true, true]);
});

test("every function has an alarm for its failures, and its shell counts them under its own name", () => {
  for (const { kebabName } of functionSpecs) {
    expect(alarms.map(nameOf)).toContain(`${kebabName}-errors`);
    const [, name = kebabName] = /(?:http|queue|event)Function\(\s*"([^"]+)"/.exec(sourceOf(kebabName)) ?? [];
    expect(name).toBe(kebabName);
  }
});
