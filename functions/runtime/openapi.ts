import * as z from "zod";
import { PROBLEM_CODES, PROBLEMS, type ProblemCode } from "../../shared/kernel/problem.ts";
import { type Json, type SchemaBook, schemaBook } from "./openapi-schemas.ts";
import { describedIn } from "./openapi-sentences.ts";
import type { Operation, Operations } from "./operation.ts";
import { problemType } from "./problem-answer.ts";

/** An API that has a document of its own. */
export type Api = {
  title: string;
  description: string;
  /** The operations of its functions, by domain. An operation's domain is its tag. */
  domains: Readonly<Record<string, Readonly<Record<string, Operations>>>>;
  /** What each tag is about: the domains, and the tags that operations name themselves. */
  tags: Readonly<Record<string, string>>;
  /** Where all paths begin, as seen from the document's own address. */
  server: string;
  /** How callers prove who they are. `guards`: of which operations they must. */
  security: { name: string; scheme: Json; guards: (operation: Operation) => boolean };
  /** Refusals that any call may meet which asks who is calling. */
  refusals: readonly ProblemCode[];
  /** Answers that are not ours, but of what stands before us, by their status. */
  before?: Json;
};

const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: "For people, about this request." }),
    code: z.enum(PROBLEM_CODES).meta({ description: "Stable; branch on this." }),
    requestId: z.string().meta({ description: "Name it when you ask for support." }),
    errors: z
      .array(z.object({ pointer: z.string(), message: z.string() }))
      .optional()
      .meta({ description: "All that is wrong with the request, each with a JSON pointer to the field." }),
  })
  .meta({
    id: "Problem",
    description: "RFC 9457 problem details.",
    examples: [
      {
        type: problemType("invalid_request"),
        title: PROBLEMS.invalid_request.title,
        status: 400,
        detail: "Some fields are not as they should be.",
        code: "invalid_request",
        requestId: "70d02295-2f0c-4a3b-9b3e-0c6f3a3f3c55",
        errors: [{ pointer: "/lines/0/quantity", message: "Too small: expected number to be >=1" }],
      },
    ],
  });

/** Refusals that any call may meet. */
const COMMON: readonly ProblemCode[] = ["invalid_request", "busy", "internal"];
const COMMON_WITH_BODY: readonly ProblemCode[] = ["invalid_json", "body_too_large", "unsupported_media_type"];
const COMMON_WITH_KEY: readonly ProblemCode[] = ["idempotency_key_missing", "idempotency_key_reused"];

/** Makes the OpenAPI 3.1 document of an API, from the very schemas that check its requests. */
export function describeApi(api: Api): Json {
  const book = schemaBook();
  const paths: Record<string, Json> = {};
  for (const [domain, functions] of Object.entries(api.domains))
    for (const [operationId, operation] of Object.values(functions).flatMap((one) => Object.entries(one))) {
      const { path, method, tag = domain } = operation;
      (paths[path] ??= {})[method.toLowerCase()] = { tags: [tag], ...describe(api, book, operationId, operation) };
    }
  const { title, description, server, security, tags } = api;
  return {
    openapi: "3.1.0",
    info: {
      title,
      description,
      version: "1.0.0",
      contact: { name: "The operator of this shop" },
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: server }],
    tags: Object.entries(tags).map(([name, about]) => ({ name, description: about })),
    paths,
    components: {
      schemas: book.components(),
      securitySchemes: { [security.name]: security.scheme },
    },
  };
}

function describe(api: Api, book: SchemaBook, operationId: string, operation: Operation): Json {
  const { summary, scope, answer } = operation;
  const { name, guards } = api.security;
  const success = (status: number, text: string): Json => ({
    description: text,
    headers: {
      ...headers,
      ...(status === 201 && answer.location !== undefined ? LOCATION : {}),
      ...replayed(operation),
    },
    content: { "application/json": { schema: book.refer(answer.schema, "output") } },
  });
  return {
    operationId,
    summary: scope === undefined ? summary : `${summary} (scope ${scope})`,
    description: describedIn(operation, guards(operation)),
    security: guards(operation) ? [{ [name]: [] }] : [],
    parameters: parameters(book, operation),
    ...bodyOf(book, operation),
    responses: {
      [answer.status]: success(answer.status, answer.description),
      ...(answer.or === undefined ? {} : { [answer.or.status]: success(answer.or.status, answer.or.description) }),
      ...problems(api, book, operation),
      ...(guards(operation) ? api.before : {}),
    },
  };
}

const LOCATION = { Location: { description: "Where it is found from now on.", schema: { type: "string" } } };

const replayed = ({ idempotent }: Operation): Json =>
  idempotent === "remembered"
    ? {
        "Idempotent-Replayed": {
          description: "`true`: the same was asked for under this key before.",
          schema: { type: "string", const: "true" },
        },
      }
    : {};

const headers = { "X-Request-Id": { schema: { type: "string" } } };

function bodyOf(book: SchemaBook, { body, text }: Operation): Json {
  if (body !== undefined)
    return { requestBody: { required: true, content: { "application/json": { schema: book.refer(body, "input") } } } };
  if (text === undefined) return {};
  return { requestBody: { required: true, content: { [text.contentType]: { schema: { type: "string" } } } } };
}

function parameters(book: SchemaBook, operation: Operation): Json[] {
  const from = (schema: z.ZodObject | undefined, where: string): Json[] => {
    if (schema === undefined) return [];
    const { properties = {}, required = [] } = book.refer(schema, "input") as {
      properties?: Record<string, Json>;
      required?: string[];
    };
    return Object.entries(properties).map(([name, described]) => ({
      name,
      in: where,
      required: where === "path" || required.includes(name),
      schema: described,
    }));
  };
  const key = {
    name: "Idempotency-Key",
    in: "header",
    required: true,
    description: "A new one for each thing that you want, and the same for each repeat.",
    schema: { type: "string", minLength: 1, maxLength: 255 },
  };
  return [
    ...from(operation.params, "path"),
    ...from(operation.query, "query"),
    ...(operation.idempotent === undefined ? [] : [key]),
  ];
}

function problems(api: Api, book: SchemaBook, operation: Operation): Json {
  const codes = [
    ...COMMON,
    ...(api.security.guards(operation) ? api.refusals : []),
    ...(operation.body === undefined ? [] : COMMON_WITH_BODY),
    ...(operation.idempotent === undefined ? [] : COMMON_WITH_KEY),
    ...(operation.refusals ?? []),
  ];
  const byStatus = Map.groupBy(new Set(codes), (code) => PROBLEMS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => [
      status,
      {
        description: some.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join("; "),
        headers,
        content: { "application/problem+json": { schema: book.refer(Problem, "output") } },
      },
    ]),
  );
}
