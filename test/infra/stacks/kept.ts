import type { Template } from "aws-cdk-lib/assertions";

// What must never be replaced: CloudFormation replaces a resource when its logical id or its physical name changes, and what it
// held is lost or left behind.

/** A resource that holds data, as it is deployed. */
export type Kept = { stack: string; id: string; type: string; name: string; indexes?: string[] };

const NAMES: Readonly<Record<string, string>> = {
  "AWS::DynamoDB::GlobalTable": "TableName",
  "AWS::S3::Bucket": "BucketName",
  "AWS::SQS::Queue": "QueueName",
  "AWS::KMS::Key": "Description",
};

type Resources = Record<string, { Type: string; Properties?: Record<string, unknown> }>;

/** The tables, buckets, queues and keys of a stack. A key has no name of its own: its description stands for it. */
export function keptIn(stack: string, template: Template): Kept[] {
  const { Resources } = template.toJSON() as { Resources: Resources };
  return Object.entries(Resources).flatMap(([id, { Type: type, Properties = {} }]) => {
    const named = NAMES[type];
    if (named === undefined) return [];
    const indexes = Properties["GlobalSecondaryIndexes"] as { IndexName: string }[] | undefined;
    return {
      stack,
      id,
      type,
      name: JSON.stringify(Properties[named]),
      ...(indexes === undefined ? {} : { indexes: indexes.map((index) => JSON.stringify(index)).toSorted() }),
    };
  });
}

/** What a release would lose or could not do: what it replaces, and tables of which it changes more than one index. */
export function losses(before: readonly Kept[], after: readonly Kept[]): string[] {
  return before.flatMap((old) => {
    const now = after.find(({ stack, id, type }) => stack === old.stack && id === old.id && type === old.type);
    if (now === undefined) return [`${old.stack}: ${old.id} is gone`];
    if (now.name !== old.name) return [`${old.stack}: ${old.id} was ${old.name} and is ${now.name}`];
    const [was = [], is = []] = [old.indexes, now.indexes];
    const changed = [...was.filter((index) => !is.includes(index)), ...is.filter((index) => !was.includes(index))];
    const names = new Set(changed.map((index) => (JSON.parse(index) as { IndexName: string }).IndexName));
    return names.size > 1 ? [`${old.stack}: ${old.id} changes ${names.size} indexes, and DynamoDB one at a time`] : [];
  });
}
