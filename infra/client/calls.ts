import { compile, type JSONSchema } from "json-schema-to-typescript";
import { storefrontDocument } from "../../functions/storefront/api/storefront-document.ts";
import { operations } from "../../functions/storefront/operations.ts";

type Schema = Record<string, unknown>;
type Parameter = { name: string; in: "path" | "query" | "header"; required: boolean; schema: Schema };
type Described = {
  summary: string;
  parameters: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content: Record<string, { schema: Schema }> }>;
};
type Document = { paths: Record<string, Record<string, Described>>; components: { schemas: Record<string, Schema> } };

/**
 * Writes the module `functions/storefront/client/calls.ts` from the OpenAPI document: the types of what each call takes and answers, and
 * the route of each.
 */
export async function writeCalls(): Promise<string> {
  const document = storefrontDocument() as Document;
  const calls = Object.entries(operations).map(([name, { method, path, answer }]) => {
    const described = document.paths[path]?.[method.toLowerCase()];
    if (described === undefined) throw new Error(`${name} is not in the document`);
    return { name, method, path, described, status: answer.status };
  });
  const routes = calls.map(
    ({ name, method, path, described }) =>
      `  ${name}: ["${method}", "${path}", ${described.parameters.some((one) => one.in === "header")}],`,
  );
  const types = await compile(rootOf(document, calls), "Calls", {
    additionalProperties: false,
    bannerComment: "",
    declareExternallyReferenced: true,
    format: true,
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: false,
    style: { printWidth: 120, trailingComma: "all" },
  });
  return [
    "// Made from the OpenAPI document by `npm run client`. Change the operations instead.",
    "",
    "/** Method and path of each call, and whether it takes an Idempotency-Key. */",
    "export const ROUTES = {",
    ...routes,
    "} as const;",
    "",
    types,
  ].join("\n");
}

type Call = { name: string; described: Described; status: number };

/** Makes one schema of all calls, so that what several of them use becomes one type. */
function rootOf({ components }: Document, calls: readonly Call[]): JSONSchema {
  const properties = Object.fromEntries(
    calls.map(({ name, described, status }) => [
      name,
      closed({ input: inputOf(described), answer: schemaIn(described.responses[status]) }, described.summary),
    ]),
  );
  const root = { ...closed(properties), definitions: components.schemas };
  return JSON.parse(JSON.stringify(root).replaceAll("#/components/schemas/", "#/definitions/")) as JSONSchema;
}

function inputOf({ parameters, requestBody }: Described): Schema {
  const members = (where: Parameter["in"]): Parameter[] => parameters.filter((one) => one.in === where);
  const group = (some: readonly Parameter[]): Schema => ({
    ...closed(Object.fromEntries(some.map(({ name, schema }) => [name, schema]))),
    required: some.filter(({ required }) => required).map(({ name }) => name),
  });
  const [path, query] = [members("path"), members("query")];
  const properties = {
    ...(path.length === 0 ? {} : { path: group(path) }),
    ...(query.length === 0 ? {} : { query: group(query) }),
    ...(requestBody === undefined ? {} : { body: schemaIn(requestBody) }),
    ...(members("header").length === 0 ? {} : { idempotencyKey: { type: "string" } }),
  };
  const needed = [
    ...(path.length === 0 ? [] : ["path"]),
    ...(query.some(({ required }) => required) ? ["query"] : []),
    ...(requestBody === undefined ? [] : ["body"]),
  ];
  return { ...closed(properties), required: needed };
}

const closed = (properties: Schema, description?: string): Schema => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...(description === undefined ? {} : { description }),
});

/** The schema of a body or an answer, which has one content type. */
function schemaIn(one: { content: Record<string, { schema: Schema }> } | undefined): Schema {
  return Object.values(one?.content ?? {})[0]?.schema ?? {};
}
