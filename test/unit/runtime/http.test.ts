import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { httpFunction } from "../../../functions/runtime/http.ts";
import type { Operations } from "../../../functions/runtime/operation.ts";
import { acts, made, recording } from "../../../functions/runtime/record.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";

// The shell of HTTP functions: which handler answers, what is on record before it acts, and what is closed with sales.

const answer = { status: 200, description: "", schema: z.looseObject({}) };
const operations = {
  listThings: {
    method: "GET",
    path: "/admin/v1/things",
    summary: "",
    answer,
    needs: {},
    pages: /^\d+$/,
    query: z.strictObject({ cursor: z.string().optional() }),
  },
  changeThing: {
    method: "POST",
    path: "/admin/v1/things/{thingId}",
    summary: "",
    params: z.strictObject({ thingId: z.string() }),
    body: z.strictObject({ state: z.string() }),
    answer,
    needs: { inventoryTable: ["UpdateItem"] },
    audit: { action: "thing_{state}", subject: "{thingId}" },
  },
  makeThing: {
    method: "POST",
    path: "/v1/things",
    summary: "",
    answer,
    needs: { inventoryTable: ["PutItem"] },
    audit: { action: "thing_made", subject: "{id}" },
  },
} as const satisfies Operations;

type Sent = Record<string, unknown>;
let told: string[];
let records: Sent[];
beforeEach(() => {
  [told, records] = [[], []];
});
afterEach(() => vi.unstubAllEnvs());

/** An audit table that notes what is put there. */
const db = {
  send: async ({ input }: { input: { Item: Sent } }) => {
    told.push("recorded");
    records.push(input.Item);
    return {};
  },
};
const shell = {
  authenticate: async () => ok({ arn: "arn:anna" }),
  record: recording({ db, tables: { audit: "audit" } } as never),
};

const handler = httpFunction("things", operations, shell, {
  listThings: async ({ after }) => ok({ body: { data: [after ?? "first"] }, next: after === undefined ? 7 : null }),
  changeThing: async ({ params, body }) =>
    acts({ before: { state: "old" }, after: body }, async () => {
      told.push("done");
      return params.thingId === "gone" ? refuse("not_found", "It is gone.") : ok({ body: { id: params.thingId } });
    }),
  makeThing: async () => made({ what: { colour: "red" }, names: { id: "thing_1" } }, { body: { id: "thing_1" } }),
});

type Said = { status: number; body: Record<string, unknown>; headers: Record<string, string> };

async function call(routeKey: string, event: object = {}, by: unknown = handler): Promise<Said> {
  const requestContext = { requestId: "request_1", http: { sourceIp: "192.0.2.1" } };
  const headers = { "content-type": "application/json" };
  type Sent = { statusCode: number; body: string; headers: Record<string, string> };
  const send = by as (event: object, context: object) => Promise<Sent>;
  const {
    statusCode,
    body,
    headers: told,
  } = await send({ routeKey, rawPath: "/", headers, requestContext, ...event }, {});
  return { status: statusCode, body: JSON.parse(body) as Record<string, unknown>, headers: told };
}

const change = (thingId: string, state = "new") =>
  call("POST /admin/v1/things/{thingId}", { pathParameters: { thingId }, body: JSON.stringify({ state }) });

describe("a function of several operations", () => {
  it("answers each on its own route, and nothing on any other", async () => {
    expect(await call("GET /admin/v1/things")).toMatchObject({ status: 200, body: { data: ["first"] } });
    expect(await call("POST /v1/things")).toMatchObject({ status: 200, body: { id: "thing_1" } });
    expect(await call("$default")).toMatchObject({ status: 404, body: { code: "not_found" } });
  });

  it("says which methods an address takes to who tries another", async () => {
    const answer = await call("$default", { rawPath: "/admin/v1/things/thing_1" });
    expect(answer).toMatchObject({ status: 405, body: { code: "method_not_allowed" }, headers: { Allow: "POST" } });
    expect(await call("$default", { rawPath: "/admin/v1/things/thing_1/more" })).toMatchObject({ status: 404 });
  });

  it("calls a request as its caller does, if that is printable and not too long", async () => {
    const idOf = async (said: string) =>
      (await call("GET /admin/v1/things", { headers: { "x-request-id": said } })).headers["X-Request-Id"];
    expect(await idOf("order-7/try-2")).toBe("order-7/try-2");
    expect(await idOf("a".repeat(128))).toBe("a".repeat(128));
    for (const other of ["", "a b", "a\nb", "é", "a".repeat(129)]) expect(await idOf(other)).toBe("request_1");
  });

  it("says where what was made is found, and that an answer repeats an earlier one", async () => {
    const answer = { status: 201, description: "", schema: z.object({ id: z.string() }), location: "/v1/things/{id}" };
    const { audit: _audit, ...unaudited } = operations.makeThing;
    const remembered = {
      put: { ...unaudited, answer, idempotent: "remembered" },
    } as const;
    let isRepeat = false;
    const remember = async () => ok({ isRepeat, refused: async () => undefined });
    const maker = httpFunction(
      "things",
      remembered,
      { ...shell, remember },
      { put: async () => ok({ body: { id: "x" } }) },
    );
    const make = () => call("POST /v1/things", { headers: { "idempotency-key": "k" } }, maker);
    expect((await make()).headers).toMatchObject({ Location: "/v1/things/x" });
    expect((await make()).headers).not.toHaveProperty("Idempotent-Replayed");
    isRepeat = true;
    expect((await make()).headers).toMatchObject({ "Idempotent-Replayed": "true" });
  });

  it("hands out a cursor that leads to the next page, and takes no other", async () => {
    const { nextCursor } = (await call("GET /admin/v1/things")).body;
    const next = await call("GET /admin/v1/things", { queryStringParameters: { cursor: nextCursor } });
    expect(next.body).toEqual({ data: ["7"], nextCursor: null });
    const forged = await call("GET /admin/v1/things", { queryStringParameters: { cursor: "eHl6" } });
    expect(forged).toMatchObject({ status: 400, body: { errors: [{ pointer: "/query/cursor" }] } });
  });
});

describe("an act", () => {
  it("is done after it is on record, with what was before and is after", async () => {
    expect(await change("thing_2")).toMatchObject({ status: 200, body: { id: "thing_2" } });
    expect(told).toEqual(["recorded", "done"]);
    const entry = { action: "thing_new", subject: "thing_2", by: "arn:anna", requestId: "request_1" };
    expect(records[0]).toMatchObject({ ...entry, before: { state: "old" }, after: { state: "new" } });
  });

  it("that is refused is on record as refused", async () => {
    expect(await change("gone")).toMatchObject({ status: 404 });
    expect(told).toEqual(["recorded", "done", "recorded"]);
    expect(records[1]).toMatchObject({ subject: "gone", refused: "not_found" });
  });

  it("that makes its subject is on record under the name of what was made", async () => {
    await call("POST /v1/things");
    expect(records).toMatchObject([{ action: "thing_made", subject: "thing_1", what: { colour: "red" } }]);
  });

  it("without a name for its subject is an error of ours, and is not done", async () => {
    const nameless = httpFunction("things", { makeThing: operations.makeThing }, shell, {
      makeThing: async () =>
        acts({ what: {} }, async () => {
          told.push("done");
          return ok({ body: {} });
        }),
    });
    const event = { routeKey: "POST /v1/things", headers: {}, requestContext: { requestId: "r", http: {} } };
    const send = nameless as unknown as (event: object, context: object) => Promise<{ statusCode: number }>;
    expect((await send(event, {})).statusCode).toBe(500);
    expect(told).toEqual([]);
  });
});

describe("while sales are closed", () => {
  beforeEach(() => vi.stubEnv("SALES", "closed"));

  it("what moves stock is refused, and what shares its function goes on", async () => {
    expect(await call("POST /v1/things")).toMatchObject({ status: 503, body: { code: "sales_closed" } });
    expect(told).toEqual([]);
    expect(await call("GET /admin/v1/things")).toMatchObject({ status: 200 });
  });

  it("operators still change stock itself, for that is how it is made true again", async () => {
    expect(await change("thing_3")).toMatchObject({ status: 200 });
  });
});
