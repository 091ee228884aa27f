import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { templatesOnly } from "../templates-only.ts";
import { addVouchsafe } from "../vouchsafe.ts";

/** What has a fixed name and can be left over from an earlier deployment, and the property that names it. */
const NAMED = {
  "AWS::DynamoDB::GlobalTable": "TableName",
  "AWS::S3::Bucket": "BucketName",
  "AWS::Logs::LogGroup": "LogGroupName",
  "AWS::SQS::Queue": "QueueName",
  "AWS::IAM::Role": "RoleName",
} as const;
export type NamedType = keyof typeof NAMED;

export type Named = { type: NamedType; name: string; stack: string };

export type Wanted = { config: Config; stacks: readonly string[]; named: readonly Named[] };

type Resource = { Type: string; Properties?: Record<string, unknown> };

/**
 * Lists what a deployment with this context would make in that account, from its templates.
 */
export function wantedBy(context: Record<string, unknown>, place: { id: string; region: string }): Wanted {
  const outdir = mkdtempSync(join(tmpdir(), "vouchsafe-preflight-"));
  Object.assign(process.env, { CDK_DEFAULT_ACCOUNT: place.id, CDK_DEFAULT_REGION: place.region });
  try {
    const app = templatesOnly(outdir, context);
    const { config } = addVouchsafe(app);
    const { stacks } = app.synth();
    const named = stacks.flatMap(({ stackName, template }) =>
      Object.values((template as { Resources: Record<string, Resource> }).Resources).flatMap((resource): Named[] => {
        const type = resource.Type as NamedType;
        const name = Object.hasOwn(NAMED, type) ? resource.Properties?.[NAMED[type]] : undefined;
        return typeof name === "string" ? [{ type, name, stack: stackName }] : [];
      }),
    );
    return { config, stacks: stacks.map(({ stackName }) => stackName), named };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
