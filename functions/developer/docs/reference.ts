import { PROBLEM_CODES, type ProblemCode } from "../../../shared/kernel/problem.ts";
import { storefrontDocument } from "../../storefront/api/storefront-document.ts";

type Node = { readonly [name: string]: unknown };

/** A value that a call takes or an object has. */
export type Field = { name: string; type: string; isRequired: boolean; description: string };

/** One call of the API, as the page shows it. */
export type Call = {
  id: string;
  tag: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  parameters: readonly Field[];
  body: readonly Field[];
  answers: readonly { status: string; description: string }[];
  problems: readonly ProblemCode[];
  curl: string;
};

const document = JSON.parse(JSON.stringify(storefrontDocument())) as Node;

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const nodesOf = (value: unknown): [string, Node][] => Object.entries((value ?? {}) as Record<string, Node>);
const listOf = (value: unknown): Node[] => (Array.isArray(value) ? (value as Node[]) : []);

/** Follows a reference within the document. */
function resolved(node: Node): Node {
  const reference = textOf(node["$ref"]);
  if (reference === "") return node;
  const found = reference
    .slice(2)
    .split("/")
    .reduce<unknown>((at, name) => (at as Node)[name], document);
  return resolved(found as Node);
}

function typeOf(schema: Node): string {
  const reference = textOf(schema["$ref"]).split("/").at(-1);
  if (reference !== undefined && reference !== "") return reference;
  if (schema["const"] !== undefined) return JSON.stringify(schema["const"]);
  const choices = schema["enum"] as readonly unknown[] | undefined;
  if (choices !== undefined) return choices.map((one) => JSON.stringify(one)).join(" · ");
  const forms = [...listOf(schema["oneOf"]), ...listOf(schema["anyOf"])];
  if (forms.length > 0) return [...new Set(forms.map(typeOf))].join(" or ");
  if (schema["type"] === "array") return `list of ${typeOf((schema["items"] ?? {}) as Node)}`;
  return textOf(schema["format"]) || textOf(schema["type"]) || "any";
}

/** The members of a schema, one a row, those within others with their whole name. A reference is named and not followed. */
function fieldsOf(schema: Node, before = ""): Field[] {
  const forms = [...listOf(schema["oneOf"]), ...listOf(schema["anyOf"])];
  const known = new Map<string, Field>();
  for (const form of [schema, ...forms]) {
    const required = new Set((form["required"] ?? []) as string[]);
    for (const [name, described] of nodesOf(form["properties"])) {
      const whole = `${before}${name}`;
      const type = typeOf(described);
      const same = known.get(whole);
      const types = same === undefined || same.type === type ? type : `${same.type} · ${type}`;
      const description = textOf(described["description"]);
      known.set(whole, { name: whole, type: types, isRequired: required.has(name), description });
      const items = (described["items"] ?? {}) as Node;
      const inner = described["type"] === "array" ? fieldsOf(items, `${whole}[].`) : fieldsOf(described, `${whole}.`);
      for (const field of inner) known.set(field.name, field);
    }
  }
  return [...known.values()];
}

const bodyOf = (call: Node): Node | undefined => {
  const content = nodesOf(resolved((call["requestBody"] ?? {}) as Node)["content"]);
  return content[0]?.[1]["schema"] as Node | undefined;
};

/** What a call's answers name of problems. */
const problemsIn = (answers: [string, Node][]): ProblemCode[] => {
  const told = answers
    .filter(([status]) => status >= "400")
    .map(([, answer]) => textOf(resolved(answer)["description"]));
  return PROBLEM_CODES.filter((code) => told.some((text) => text.includes(`\`${code}\``)));
};

function curlOf(method: string, path: string, isKeyed: boolean, hasBody: boolean): string {
  const lines = [
    `curl ${method === "GET" ? "" : `-X ${method} `}"$API${path.replaceAll(/\{(\w+)\}/g, "$$$1")}"`,
    ...(path === "/v1/openapi.json" ? [] : ['-H "Authorization: Bearer $KEY"']),
    ...(isKeyed ? ['-H "Idempotency-Key: my-own-name-for-it"'] : []),
    ...(hasBody ? ['-H "Content-Type: application/json"', "-d @body.json"] : []),
  ];
  return lines.join(" \\\n  ");
}

function callOf(path: string, method: string, call: Node): Call {
  const parameters = listOf(call["parameters"]).map(resolved);
  const schema = bodyOf(call);
  const answers = nodesOf(call["responses"]);
  const isKeyed = parameters.some(({ name }) => name === "Idempotency-Key");
  return {
    id: textOf(call["operationId"]),
    tag: textOf((call["tags"] as unknown[] | undefined)?.[0]),
    method: method.toUpperCase(),
    path,
    summary: textOf(call["summary"]),
    description: textOf(call["description"]),
    parameters: parameters.map((one) => {
      const described = (one["schema"] ?? {}) as Node;
      const description = textOf(one["description"]) || textOf(described["description"]);
      return { name: textOf(one["name"]), type: typeOf(described), isRequired: one["required"] === true, description };
    }),
    body: schema === undefined ? [] : fieldsOf(resolved(schema)),
    answers: answers
      .filter(([status]) => status < "400")
      .map(([status, answer]) => ({ status, description: textOf(resolved(answer)["description"]) })),
    problems: problemsIn(answers),
    curl: curlOf(method.toUpperCase(), path, isKeyed, schema !== undefined),
  };
}

/** Every call of the storefront API, as its OpenAPI document describes it. */
export const CALLS: readonly Call[] = nodesOf(document["paths"]).flatMap(([path, methods]) =>
  nodesOf(methods).map(([method, call]) => callOf(path, method, call)),
);

/** The objects of the API that calls answer with, with their members. */
export const OBJECTS: readonly { name: string; description: string; fields: readonly Field[] }[] = nodesOf(
  (document["components"] as Node)["schemas"],
).map(([name, schema]) => ({ name, description: textOf(schema["description"]), fields: fieldsOf(schema) }));
