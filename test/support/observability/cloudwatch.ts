// As much of CloudWatch as an alarm needs: values in, and does it go off? By its own metric, dimensions, period and threshold.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html

/** A value that somebody published: of which metric, with which dimensions, how many minutes ago. */
export type Point = {
  namespace: string;
  metric: string;
  dimensions: Record<string, string>;
  minutesAgo: number;
  value: number;
};

export type Values = Record<string, number>;

/** What AWS publishes of one thing: a value for each of some metrics, in each of the last so many minutes. */
export function aws(namespace: string, dimensions: Record<string, string>, values: Values, minutes = 1): Point[] {
  return Object.entries(values).flatMap(([metric, value]) =>
    Array.from({ length: minutes }, (_, minutesAgo) => ({
      namespace: `AWS/${namespace}`,
      metric,
      dimensions,
      minutesAgo,
      value,
    })),
  );
}

type Dimension = { Name: string; Value: unknown };
type MetricStat = {
  Metric: { Namespace: string; MetricName: string; Dimensions?: Dimension[] };
  Period: number;
  Stat: string;
};
type Query = { Id: string; Expression?: string; MetricStat?: MetricStat; ReturnData?: boolean };

/** The properties of an alarm in a template, as far as they decide. */
export type AlarmProperties = {
  AlarmName: string;
  ComparisonOperator: string;
  Threshold: number;
  EvaluationPeriods: number;
  DatapointsToAlarm?: number;
  TreatMissingData: string;
  Namespace?: string;
  MetricName?: string;
  Dimensions?: Dimension[];
  Period?: number;
  Statistic?: string;
  Metrics?: Query[];
};

/** The metrics that an alarm looks at. */
export function metricsOf(alarm: AlarmProperties): MetricStat[] {
  return queriesOf(alarm).flatMap(({ MetricStat }) => MetricStat ?? []);
}

/** Is it in ALARM, with these values published? Values of a period are those of its minutes, counted back from now. */
export function goesOff(alarm: AlarmProperties, points: readonly Point[]): boolean {
  if (alarm.ComparisonOperator !== "GreaterThanThreshold") throw new Error(`unknown: ${alarm.ComparisonOperator}`);
  if (alarm.TreatMissingData !== "notBreaching") throw new Error(`unknown: ${alarm.TreatMissingData}`);
  const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods, Threshold } = alarm;
  const values = Array.from({ length: EvaluationPeriods }, (_, period) => valueIn(alarm, points, period));
  return values.filter((value) => value !== undefined && value > Threshold).length >= DatapointsToAlarm;
}

function queriesOf({
  Metrics,
  Namespace = "",
  MetricName = "",
  Dimensions,
  Period = 60,
  Statistic = "",
}: AlarmProperties): Query[] {
  if (Metrics !== undefined) return Metrics;
  const Metric = { Namespace, MetricName, ...(Dimensions === undefined ? {} : { Dimensions }) };
  return [{ Id: "only", MetricStat: { Metric, Period, Stat: Statistic }, ReturnData: true }];
}

function valueIn(alarm: AlarmProperties, points: readonly Point[], period: number): number | undefined {
  const queries = queriesOf(alarm);
  const values = new Map(
    queries.map(({ Id, MetricStat }) => [Id, MetricStat && statistic(MetricStat, points, period)]),
  );
  const returned = queries.find(({ ReturnData }) => ReturnData !== false);
  if (returned?.Expression === undefined) return values.get(returned?.Id ?? "");
  const isSilent = [...values.values()].every((value) => value === undefined);
  return isSilent ? undefined : new Expression(returned.Expression, values).value();
}

function statistic({ Metric, Period, Stat }: MetricStat, points: readonly Point[], period: number): number | undefined {
  const minutes = Period / 60;
  const found = points.filter(
    ({ namespace, metric, dimensions, minutesAgo }) =>
      namespace === Metric.Namespace &&
      metric === Metric.MetricName &&
      isSame(dimensions, Metric.Dimensions ?? []) &&
      Math.floor(minutesAgo / minutes) === period,
  );
  if (found.length === 0) return undefined;
  const values = found.map(({ value }) => value);
  if (Stat === "Sum") return values.reduce((sum, value) => sum + value, 0);
  if (Stat === "Maximum") return Math.max(...values);
  throw new Error(`unknown: ${Stat}`);
}

/** Another combination of dimensions is another metric. */
function isSame(dimensions: Record<string, string>, wanted: readonly Dimension[]): boolean {
  const text = ([name, value]: [string, string]): string => `${name}=${value}`;
  const ours = Object.entries(dimensions).map(text).sort();
  const theirs = wanted.map(({ Name, Value }) => text([Name, resolved(Value)])).sort();
  return ours.join() === theirs.join();
}

/** What a template says with functions, as it is after the deployment. */
export function resolved(value: unknown): string {
  if (typeof value === "string") return value;
  const {
    Ref,
    "Fn::Join": join,
    "Fn::ImportValue": imported,
    "Fn::GetStackOutput": output,
  } = value as Record<string, unknown>;
  if (Ref === "AWS::Partition") return "aws";
  if (Array.isArray(join)) return (join[1] as unknown[]).map(resolved).join(String(join[0]));
  return JSON.stringify(Ref ?? imported ?? output ?? value);
}

/** Sums, products, shares and `FILL(metric, 0)`: what our alarms say. */
class Expression {
  private readonly tokens: string[];
  private readonly values: ReadonlyMap<string, number | undefined>;
  private at = 0;

  constructor(text: string, values: ReadonlyMap<string, number | undefined>) {
    this.tokens = text.match(/\w+|[^\s\w]/g) ?? [];
    this.values = values;
  }

  value(): number | undefined {
    const value = this.sum();
    if (this.at < this.tokens.length) throw new Error(`unknown: ${this.tokens[this.at]}`);
    return value;
  }

  private sum(): number | undefined {
    let total = this.product();
    while (this.tokens[this.at] === "+")
      total = this.both(
        total,
        () => this.product(),
        (a, b) => a + b,
      );
    return total;
  }

  private product(): number | undefined {
    let total = this.atom();
    for (;;) {
      if (this.tokens[this.at] === "*")
        total = this.both(
          total,
          () => this.atom(),
          (a, b) => a * b,
        );
      else if (this.tokens[this.at] === "/")
        total = this.both(
          total,
          () => this.atom(),
          (a, b) => a / b,
        );
      else return total;
    }
  }

  private both(
    left: number | undefined,
    read: () => number | undefined,
    join: (a: number, b: number) => number,
  ): number | undefined {
    this.at += 1;
    const right = read();
    return left === undefined || right === undefined ? undefined : join(left, right);
  }

  private atom(): number | undefined {
    const token = this.next();
    if (token === "(") {
      const inner = this.sum();
      this.expect(")");
      return inner;
    }
    if (token === "FILL") {
      this.expect("(");
      const metric = this.atom();
      this.expect(",");
      const otherwise = this.atom();
      this.expect(")");
      return metric ?? otherwise;
    }
    if (/^\d+$/.test(token)) return Number(token);
    if (!this.values.has(token)) throw new Error(`unknown: ${token}`);
    return this.values.get(token);
  }

  private expect(token: string): void {
    if (this.next() !== token) throw new Error(`expected ${token}`);
  }

  private next(): string {
    const token = this.tokens[this.at] ?? "";
    this.at += 1;
    return token;
  }
}
