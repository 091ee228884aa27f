import { describe, expect, test } from "vitest";
import { operations as operator } from "../../../functions/operator/operations.ts";
import { operatorDocument } from "../../../functions/operator/orders/operator-document.ts";
import type { Operation } from "../../../functions/runtime/operation.ts";
import { storefrontDocument } from "../../../functions/storefront/api/storefront-document.ts";
import { operations as storefront } from "../../../functions/storefront/operations.ts";
import { PROBLEM_CODES } from "../../../shared/kernel/problem.ts";
import { checkOf, type Document, OpenApi31, operationsOf, refsIn, resolve } from "../../support/runtime/openapi.ts";

const asSent = (made: object): Document => OpenApi31.parse(JSON.parse(JSON.stringify(made)));

const apis: [string, Document, Record<string, Operation>, string][] = [
  ["storefronts", asSent(storefrontDocument()), storefront, "/v1/openapi.json"],
  ["operators", asSent(operatorDocument()), operator, "/admin/v1/openapi.json"],
];

describe.each(apis)("the OpenAPI document for %s", (_whom, document, operations, address) => {
  const described = operationsOf(document);
  const operationOf = (id: string): Operation => {
    const operation = operations[id];
    if (operation === undefined) throw new Error(`there is no ${id}`);
    return operation;
  };

  test("describes each call once, under a domain", () => {
    const all = described.map(({ operationId, method, path }) => `${operationId}: ${method} ${path}`);
    const made = Object.entries(operations).map(([name, { method, path }]) => `${name}: ${method} ${path}`);
    expect(all.toSorted()).toEqual(made.toSorted());
    expect(described.filter(({ tags }) => !/^[a-z-]+$/.test(tags[0] ?? ""))).toEqual([]);
  });

  test("says where the paths begin, wherever it is served", () => {
    const [server] = document.servers;
    expect(new URL(server?.url ?? "", `https://shop.example/stage${address}`).href).toBe("https://shop.example/stage/");
  });

  test("refers to nothing that is not there, and holds nothing that nobody refers to", () => {
    const refs = [...new Set(refsIn(document))];
    expect(refs.filter((ref) => resolve(document, ref) === undefined)).toEqual([]);
    const used = refs.map((ref) => ref.replace("#/components/schemas/", ""));
    expect(Object.keys(document.components.schemas).toSorted()).toEqual(used.toSorted());
  });

  test("holds only schemas that can be used to check things, and no words of the library that made them", () => {
    for (const schema of Object.values(document.components.schemas))
      expect(() => checkOf(document, schema)).not.toThrow();
    for (const { parameters, requestBody } of described) {
      for (const { schema } of parameters) expect(() => checkOf(document, schema)).not.toThrow();
      for (const { schema } of Object.values(requestBody?.content ?? {})) checkOf(document, schema);
    }
    const formats = [...JSON.stringify(document).matchAll(/"format":"([^"]+)"/g)].map(([, format]) => format);
    expect(formats.filter((format) => format !== "date-time" && format !== "uri")).toEqual([]);
  });

  test("has money and problems as components, and every code of a problem", () => {
    const { Money, Problem } = document.components.schemas as Record<string, { properties?: Record<string, unknown> }>;
    expect(Object.keys(Money?.properties ?? {})).toEqual(["amount", "currency"]);
    expect(Problem?.properties?.["code"]).toMatchObject({ enum: PROBLEM_CODES });
  });

  test("has examples that are true to their schemas", () => {
    const examples = Object.entries(document.components.schemas as Record<string, { examples?: unknown[] }>).flatMap(
      ([name, schema]) => (schema.examples ?? []).map((example) => ({ name, schema, example })),
    );
    expect(examples.length).toBeGreaterThan(2);
    for (const { name, schema, example } of examples)
      expect([name, checkOf(document, schema).safeParse(example).error?.issues ?? []]).toEqual([name, []]);
  });

  test("declares the parameters of each path, and only those", () => {
    for (const { path, parameters, operationId } of described) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = parameters.filter((parameter) => parameter.in === "path");
      expect([operationId, declared.map(({ name }) => name)]).toEqual([operationId, inPath]);
      expect(declared.every(({ required }) => required)).toBe(true);
    }
  });

  test("says of each call how it succeeds and how it may be refused, and who may call it", () => {
    const [scheme = ""] = Object.keys(document.components.securitySchemes);
    for (const { operationId, responses, security, path } of described) {
      const { answer, scope } = operationOf(operationId);
      const isGuarded = scope !== undefined || path.startsWith("/admin/");
      const succeeds = [answer.status, answer.or?.status].filter((status) => status !== undefined).map(String);
      expect(Object.keys(responses).filter((status) => status < "300")).toEqual(succeeds.toSorted());
      const refused = isGuarded ? ["400", "401", "403", "500", "503"] : ["400", "500", "503"];
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(refused));
      for (const [status, { content, headers }] of Object.entries(responses)) {
        // What API Gateway says by itself of operators' signatures.
        if (status === "403" && scheme === "sigv4") continue;
        expect(Object.keys(content ?? {})).toEqual([status < "300" ? "application/json" : "application/problem+json"]);
        expect(headers).toHaveProperty("X-Request-Id");
      }
      expect(security).toEqual(isGuarded ? [{ [scheme]: [] }] : []);
    }
  });

  test("wants an Idempotency-Key of every call that creates or moves something", () => {
    for (const { operationId, parameters } of described) {
      const key = parameters.find(({ name }) => name === "Idempotency-Key");
      expect([operationId, key?.required ?? false]).toEqual([
        operationId,
        operationOf(operationId).idempotent !== undefined,
      ]);
    }
  });
});

test("one document has nothing of the other's", () => {
  const [[, ours], [, theirs]] = apis as [(typeof apis)[0], (typeof apis)[0]];
  expect(ours.components.schemas["Product"]).not.toEqual(theirs.components.schemas["Product"]);
  expect(Object.keys(ours.components.schemas)).not.toContain("Timeline");
  expect(Object.keys(theirs.components.schemas)).not.toContain("Deliverable");
});
