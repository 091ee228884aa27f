/**
 * Makes stripe-spec.json of Stripe's published OpenAPI document: what the calls that we make take, and the members of what they answer.
 * The document has 8 MB; what a test needs of it is this. To make it again, of the version that `Stripe-Version` names:
 *
 *   go mod download -json github.com/stripe/stripe-mock@v0.203.0   # says in which "Dir" it lies
 *   npx node test/support/payments/stripe/extract-spec.ts DIR/embedded/openapi/spec3.json && npx biome format --write test/support
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Members, Shape, Spec } from "./spec.ts";

const SOURCE = "github.com/stripe/stripe-mock v0.203.0, embedded/openapi/spec3.json (MIT)";

const CALLS = [
  "post /v1/checkout/sessions",
  "get /v1/checkout/sessions",
  "get /v1/checkout/sessions/{session}",
  "post /v1/checkout/sessions/{session}/expire",
  "get /v1/payment_intents/{intent}",
  "post /v1/refunds",
  "get /v1/refunds",
  "get /v1/disputes/{dispute}",
  "get /v1/disputes",
  "post /v1/disputes/{dispute}",
  "post /v1/disputes/{dispute}/close",
  "get /v1/balance_transactions",
] as const;
const OBJECTS = [
  "checkout.session",
  "payment_intent",
  "charge",
  "refund",
  "dispute",
  "balance_transaction",
  "event",
] as const;

type Schema = {
  type?: string;
  enum?: string[];
  nullable?: boolean;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
};
type Operation = {
  parameters?: { name: string; in: string; schema?: Schema }[];
  requestBody?: { content: Record<string, { schema?: Schema }> };
};
type Document = {
  info: { version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

/** Parameters that have others inside them and that we send. Of all others only their names are kept. */
const OPENED = ["adaptive_pricing", "created", "evidence", "expand", "line_items", "metadata", "payment_intent_data"];

function shapeOf({ anyOf, properties, additionalProperties, items, type = "object", enum: words }: Schema): Shape {
  if (anyOf !== undefined) return { anyOf: anyOf.map(shapeOf) };
  if (properties !== undefined) return { members: membersOf(properties, shapeOf) };
  if (items !== undefined) return { items: shapeOf(items) };
  if (additionalProperties !== undefined && additionalProperties !== false) return "any";
  return words ?? type;
}
const membersOf = (properties: Record<string, Schema>, make: (schema: Schema, name: string) => Shape): Members =>
  Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, make(schema, name)]));
const parameter = (schema: Schema, name: string): Shape => {
  const shape = shapeOf(schema);
  return typeof shape === "string" || Array.isArray(shape) || OPENED.includes(name) ? shape : "any";
};

function callOf(document: Document, call: string): Members {
  const [method = "", path = ""] = call.split(" ");
  const { parameters = [], requestBody } = document.paths[path]?.[method] ?? {};
  const query = parameters.filter((one) => one.in === "query").map(({ name, schema = {} }) => [name, schema] as const);
  const [body] = Object.values(requestBody?.content ?? {});
  return membersOf({ ...Object.fromEntries(query), ...body?.schema?.properties }, parameter);
}

function objectOf({ components }: Document, name: string): Spec["objects"][string] {
  const { properties = {}, required = [] } = components.schemas[name] ?? {};
  const words = Object.entries(properties).flatMap(([member, schema]) =>
    schema.enum === undefined ? [] : [[member, schema.enum] as const],
  );
  return {
    members: Object.keys(properties),
    required: required.filter((member) => properties[member]?.nullable !== true),
    nulls: required.filter((member) => properties[member]?.nullable === true),
    words: Object.fromEntries(words),
  };
}

const document = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Document;
const spec: Spec = {
  source: SOURCE,
  version: document.info.version,
  calls: Object.fromEntries(CALLS.map((call) => [call, callOf(document, call)])),
  objects: Object.fromEntries(OBJECTS.map((name) => [name, objectOf(document, name)])),
};
writeFileSync(join(import.meta.dirname, "stripe-spec.json"), `${JSON.stringify(spec)}\n`);
