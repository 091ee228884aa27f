import { Alarm, ComparisonOperator, type IMetric, MathExpression, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { type Config, nameOf } from "../config.ts";

/** The sections of infra/RUNBOOK.md, by the anchors that Markdown gives their headings. */
type RunbookSection =
  | "dead-letters"
  | "failed-runs"
  | "orders-in-review"
  | "function-errors"
  | "throttled-functions"
  | "old-messages"
  | "late-stream"
  | "server-errors"
  | "late-orders"
  | "forgotten-orders"
  | "sick-suppliers"
  | "unlisted-products"
  | "failed-syncs"
  | "forged-callbacks"
  | "stopped-restocks"
  | "reversed-purchases"
  | "differing-charges"
  | "refused-refunds"
  | "waiting-refunds"
  | "late-payments"
  | "unknown-payments"
  | "dispute-deadlines"
  | "refused-evidence"
  | "late-cases"
  | "forged-notifications"
  | "different-statements"
  | "late-reconciliations"
  | "late-closings"
  | "passed-events"
  | "disabled-webhooks"
  | "late-webhooks"
  | "guessed-links"
  | "failed-messages"
  | "late-messages"
  | "key-in-danger";

export interface AlarmOf {
  readonly name: string;
  /** What it means to the people who buy, sell and operate. */
  readonly means: string;
  readonly runbook: RunbookSection;
  readonly metric: IMetric;
  /** It alarms above this. */
  readonly above: number;
  /** Of how many of the metric's periods, the last ones. */
  readonly periods?: number;
  /** In how many of these; all of them, if nothing is said. */
  readonly atLeast?: number;
}

/** Alarms say what they mean and where to read on; silence is health, because most of these metrics exist only in trouble. */
export class Alarms extends Construct {
  private readonly config: Config;
  private readonly topic: Topic;

  constructor(scope: Construct, id: string, props: { readonly config: Config; readonly topic: Topic }) {
    super(scope, id);
    this.config = props.config;
    this.topic = props.topic;
  }

  add({ name, means, runbook, metric, above, periods = 1, atLeast = periods }: AlarmOf): void {
    // The local engine knows no metric math; nobody is woken by it either.
    if (this.config.onLocalEngine && metric instanceof MathExpression) return;
    const alarm = new Alarm(this, name, {
      alarmName: nameOf(this.config, name),
      alarmDescription: `${means} See infra/RUNBOOK.md#${runbook}`,
      metric,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      datapointsToAlarm: atLeast,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
  }
}
