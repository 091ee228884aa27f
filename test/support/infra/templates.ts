import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Template } from "aws-cdk-lib/assertions";
import { type FunctionName, functionSpecs } from "../../../infra/functions.ts";
import { templatesOnly } from "../../../infra/templates-only.ts";
import { addVouchsafe } from "../../../infra/vouchsafe.ts";

export interface Place {
  readonly env: "local" | "dev" | "prod";
  readonly region?: string;
  readonly sales?: "closed";
  readonly reservedForSales?: string;
  readonly alarmEmail?: string;
  /** As `cdk.json` says it, by environment. */
  readonly vouchsafe?: Readonly<Record<string, object>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Templates {
  readonly data: Template;
  /** All that computes, as one template: functions, queues, routes and the workflow, of whichever stack. */
  readonly service: Template;
  readonly observability: Template;
  readonly all: readonly Template[];
  /** Each stack by the end of its name. */
  readonly stacks: Readonly<Record<string, Template>>;
  /** Where CDK deploys to, and nowhere else. */
  readonly places: readonly string[];
}

/** Production is not deployed without somebody to tell of alarms. */
const keptFor = { prod: { alarmEmail: "alarms@example.com" } };

/** Templates that this worker has synthesized, by their place: most files look at the same ones. */
const synthesized = new Map<string, Templates>();

/** The templates as they would be deployed, without the functions' code. Fails like a deployment on unexplained findings. */
export function synthesize(place: Place): Templates {
  const name = JSON.stringify(place);
  const templates = synthesized.get(name) ?? synthesizeAnew(place);
  synthesized.set(name, templates);
  return templates;
}

function synthesizeAnew({ env, region = "eu-central-1", ...context }: Place): Templates {
  const outdir = mkdtempSync(join(tmpdir(), "vouchsafe-synth-"));
  const before = { ...process.env };
  Object.assign(process.env, { CDK_DEFAULT_ACCOUNT: "111122223333", CDK_DEFAULT_REGION: region });
  try {
    const app = templatesOnly(outdir, { env, vouchsafe: keptFor, ...context });
    const stacks = addVouchsafe(app);
    const data = Template.fromStack(stacks.data);
    const computing = [stacks.workers, stacks.storefront, stacks.operator].map((stack) => Template.fromStack(stack));
    const observability = Template.fromStack(stacks.observability);
    const all = [data, ...computing, observability];
    const [service, storefront, operator] = computing as [Template, Template, Template];
    const byName = { data, service, storefront, operator, observability };
    const places = app.synth().stacks.map(({ environment }) => environment.name);
    return { data, service: together(computing), observability, all, stacks: byName, places };
  } finally {
    process.env = before;
    rmSync(outdir, { recursive: true, force: true });
  }
}

function together(templates: readonly Template[]): Template {
  const resources = templates.map((template) => (template.toJSON() as { Resources: object }).Resources);
  return Template.fromJSON({ Resources: Object.assign({}, ...resources) as object });
}

export const resourcesOf = (template: Template, type: string): [id: string, resource: Resource][] =>
  Object.entries(template.findResources(type)) as [string, Resource][];

export const propertiesOf = (template: Template, type: string) =>
  resourcesOf(template, type).map(([, { Properties }]) => Properties);

export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** Something that a role may do, with the resource as text. */
export interface Permission {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  /** The items of a table that it is limited to, by their keys. */
  readonly keys: readonly string[];
}

/** Everything that any role of the stack may do, one line for each action on each resource. */
export function permissionsOf(template: Template): Permission[] {
  const roles = new Map(resourcesOf(template, "AWS::IAM::Role"));
  const nameOf = (id: string) => textOf(roles.get(id)?.Properties["RoleName"] ?? id);
  const inline = [...roles].flatMap(([id, { Properties }]) =>
    ((Properties["Policies"] ?? []) as { PolicyDocument: Document }[]).map((policy) => ({
      role: nameOf(id),
      document: policy.PolicyDocument,
    })),
  );
  const attached = propertiesOf(template, "AWS::IAM::Policy").flatMap((policy) =>
    (policy["Roles"] as { Ref: string }[]).map(({ Ref }) => ({
      role: nameOf(Ref),
      document: policy["PolicyDocument"] as Document,
    })),
  );
  return [...inline, ...attached].flatMap(({ role, document }) =>
    document.Statement.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action, Resource, Condition }) =>
      [Action]
        .flat()
        .flatMap((action) =>
          [Resource].flat().map((of) => ({ role, action, resource: textOf(of), keys: leadingKeysIn(Condition) })),
        ),
    ),
  );
}

function leadingKeysIn(condition: Statement["Condition"]): string[] {
  const said = condition?.["ForAllValues:StringLike"]?.["dynamodb:LeadingKeys"];
  return [said ?? []].flat().map(textOf);
}

interface Document {
  readonly Statement: Statement[];
}

/** The functions whose roles may do it with a resource of that name. */
export function functionsThatMay(template: Template, action: string, resource: RegExp): FunctionName[] {
  const allowed = permissionsOf(template).filter((it) => it.action === action && resource.test(it.resource));
  return functionSpecs
    .filter(({ kebabName }) =>
      allowed.some(({ role }) => new RegExp(`^vouchsafe-[a-z]+-${kebabName}-[a-z]+-`).test(role)),
    )
    .map(({ name }) => name);
}

/** References in words, so that patterns can find what they refer to. */
const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
