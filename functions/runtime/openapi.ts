import * as z from "zod";
import { PROBLEMS, type ProblemCode } from "../../shared/kernel/problem.ts";
import type { Operation } from "./operation.ts";

const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: "Stable; branch on this." }),
    requestId: z.string(),
    errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457 problem details." });

/** Refusals that any call may meet. */
const COMMON: readonly ProblemCode[] = ["invalid_request", "unauthorized", "forbidden", "busy", "internal"];
const COMMON_WITH_BODY: readonly ProblemCode[] = ["invalid_json", "body_too_large", "unsupported_media_type"];

type Json = Record<string, unknown>;

/** OpenAPI 3.1 from the very schemas that check the requests. */
export function describeApi(operations: Record<string, Operation>): Json {
  const paths: Record<string, Json> = {};
  for (const [operationId, operation] of Object.entries(operations)) {
    const path = (paths[operation.path] ??= {});
    path[operation.method.toLowerCase()] = describe(operationId, operation);
  }
  return {
    openapi: "3.1.0",
    info: { title: "Vouchsafe", version: "1.0.0", license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    paths,
    components: {
      schemas: schemas(),
      securitySchemes: { apiKey: { type: "http", scheme: "bearer" } },
    },
  };
}

function describe(operationId: string, operation: Operation): Json {
  const { summary, scope, answer, body } = operation;
  return {
    operationId,
    summary: scope === undefined ? summary : `${summary} (scope ${scope})`,
    security: scope === undefined ? [] : [{ apiKey: [] }],
    parameters: parameters(operation),
    ...(body === undefined ? {} : { requestBody: { required: true, content: json(body, "input") } }),
    responses: {
      [answer.status]: {
        description: answer.description,
        headers: requestIdHeader,
        content: json(answer.schema, "output"),
      },
      ...problems(operation),
    },
  };
}

const requestIdHeader = { "X-Request-Id": { schema: { type: "string" } } };

function parameters(operation: Operation): Json[] {
  const from = (schema: z.ZodObject | undefined, where: string): Json[] => {
    if (schema === undefined) return [];
    const { properties = {}, required = [] } = inline(schema, "input") as {
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
    schema: { type: "string", minLength: 1, maxLength: 255 },
  };
  return [
    ...from(operation.params, "path"),
    ...from(operation.query, "query"),
    ...(operation.idempotent === undefined ? [] : [key]),
  ];
}

const COMMON_WITH_KEY = ["idempotency_key_missing", "idempotency_key_reused"] as const;

function problems(operation: Operation): Json {
  const codes = [
    ...COMMON,
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
        headers: requestIdHeader,
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    ]),
  );
}

function json(schema: z.ZodType, io: "input" | "output"): Json {
  return { "application/json": { schema: inline(schema, io) } };
}

/** A schema with its named parts as references to the components. */
function inline(schema: z.ZodType, io: "input" | "output"): Json {
  const {
    $schema: _dialect,
    $defs: _defs,
    ...rest
  } = z.toJSONSchema(schema, { io, unrepresentable: "any", reused: "inline" }) as Json;
  return relocate(rest) as Json;
}

const componentUri = (id: string): string => `#/components/schemas/${id}`;

/** Within one schema, zod refers to its own definitions; in the document those are components. */
function relocate(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relocate);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "$ref" && typeof inner === "string"
        ? inner.replace("#/$defs/", "#/components/schemas/")
        : relocate(inner),
    ]),
  );
}

function schemas(): Json {
  z.globalRegistry.add(Problem, { id: "Problem" });
  const { schemas: all } = z.toJSONSchema(z.globalRegistry, {
    io: "output",
    unrepresentable: "any",
    uri: componentUri,
  });
  return Object.fromEntries(
    Object.entries(all).map(([id, schema]) => {
      const { $schema: _dialect, $id: _id, ...rest } = schema as Json;
      return [id, relocate(rest)];
    }),
  );
}
