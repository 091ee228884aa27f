import type { Point } from "./cloudwatch.ts";

type Emf = {
  _aws: { CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] };
} & Record<string, unknown>;

/**
 * What CloudWatch makes of the lines that this process logs meanwhile: a value for each metric and each set of dimensions.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export async function published(work: () => unknown): Promise<Point[]> {
  const lines: string[] = [];
  const log = console.log;
  console.log = (line: string) => {
    lines.push(line);
  };
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (line) => lines.push(String(line)) > 0;
  try {
    await work();
  } finally {
    console.log = log;
    process.stdout.write = write;
  }
  return lines.filter((line) => line.includes('"_aws"')).flatMap((line) => pointsIn(JSON.parse(line) as Emf));
}

function pointsIn({ _aws: { CloudWatchMetrics }, ...line }: Emf): Point[] {
  return CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.flatMap(({ Name }) =>
        [line[Name]].flat().map((value) => ({
          namespace: Namespace,
          metric: Name,
          dimensions: Object.fromEntries(names.map((name) => [name, String(line[name])])),
          minutesAgo: 0,
          value: Number(value),
        })),
      ),
    ),
  );
}
