import * as z from "zod";
import type { LocalStack } from "../../../infra/local/stack-file.ts";
import { http } from "../orders/shop.ts";

const Ref = z.strictObject({ $ref: z.string() });
const Schema = z.union([Ref, z.looseObject({})]);
const Content = z.record(z.string().regex(/^[\w.+-]+\/[\w.+*-]+$/), z.strictObject({ schema: Schema }));
const Header = z.strictObject({ description: z.string().optional(), schema: Schema });
const Answer = z.strictObject({
  description: z.string().min(1),
  headers: z.record(z.string(), Header).optional(),
  content: Content.optional(),
});
const Parameter = z.strictObject({
  name: z.string().min(1),
  in: z.enum(["path", "query", "header"]),
  required: z.boolean(),
  description: z.string().optional(),
  schema: Schema,
});
const Operation = z.strictObject({
  operationId: z.string().regex(/^[a-z]\w+$/),
  summary: z.string().min(1),
  description: z.string().optional(),
  tags: z.array(z.string()).length(1),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(Parameter),
  requestBody: z.strictObject({ required: z.boolean(), content: Content }).optional(),
  responses: z.record(z.string().regex(/^[1-5]\d\d$/), Answer),
});

const Bearer = z.strictObject({ type: z.literal("http"), scheme: z.literal("bearer") });
const SigV4 = z.strictObject({
  type: z.literal("apiKey"),
  name: z.literal("Authorization"),
  in: z.literal("header"),
  "x-amazon-apigateway-authtype": z.literal("awsSigv4"),
  description: z.string(),
});

/** As much of OpenAPI 3.1's own schema as a document may use here; strict, so that nothing else slips in. */
export const OpenApi31 = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.strictObject({
    title: z.string().min(1),
    version: z.string().min(1),
    description: z.string().optional(),
    contact: z.strictObject({ name: z.string() }),
    license: z.strictObject({ name: z.string(), identifier: z.string().optional() }).optional(),
  }),
  servers: z.array(z.strictObject({ url: z.string() })).length(1),
  tags: z.array(z.strictObject({ name: z.string(), description: z.string() })),
  paths: z.record(
    z.string().regex(/^\/[\w./{}-]+$/),
    z.partialRecord(z.enum(["get", "post", "patch", "delete"]), Operation),
  ),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[\w.-]+$/), Schema),
    securitySchemes: z.record(z.string(), z.union([Bearer, SigV4])),
  }),
});
export type Document = z.infer<typeof OpenApi31>;
export type Described = z.infer<typeof Operation> & { method: string; path: string };

export async function readDocument(stack: LocalStack): Promise<Document> {
  return OpenApi31.parse((await http(stack, "GET", "/v1/openapi.json")).body);
}

export function operationsOf(document: Document): Described[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
}

/** Every `$ref` in the document, wherever it stands. */
export function refsIn(value: unknown): string[] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "$ref" && typeof inner === "string" ? [inner] : refsIn(inner),
  );
}

/** What a `$ref` points to, if it points to anything. */
export function resolve(document: Document, ref: string): unknown {
  if (!ref.startsWith("#/")) return undefined;
  const steps = ref
    .slice(2)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document);
}

/** The check that the document itself describes, for anything within it. */
export function checkOf(document: Document, schema: unknown): z.ZodType {
  const local = JSON.parse(
    JSON.stringify({ ...(schema as object), $defs: document.components.schemas }).replaceAll(
      '"#/components/schemas/',
      '"#/$defs/',
    ),
  ) as object;
  return z.fromJSONSchema({ $schema: "https://json-schema.org/draft/2020-12/schema", ...local });
}

/** What is wrong with an answer by the document: its status, its type or its body. Empty: it is as described. */
export function mismatch(
  document: Document,
  { responses }: Pick<Described, "responses">,
  answer: { status: number; headers: Headers; body: unknown },
): string[] {
  const described = responses[String(answer.status)];
  if (described === undefined) return [`the status ${answer.status} is not described`];
  const type = answer.headers.get("content-type") ?? "";
  const content = described.content?.[type];
  if (content === undefined) return [`the type ${type} is not described for ${answer.status}`];
  const checked = checkOf(document, content.schema).safeParse(answer.body);
  if (checked.success) return [];
  return checked.error.issues.map(({ path, message }) => `${answer.status} /${path.join("/")}: ${message}`);
}
