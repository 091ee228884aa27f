import { ok } from "../../shared/kernel/problem.ts";
import { anyone } from "../runtime/callers.ts";
import { httpFunction } from "../runtime/http.ts";
import { describeApi } from "./openapi.ts";
import { operations } from "./operations.ts";

const document = describeApi(operations);

export const handler = httpFunction("get-openapi", operations.getOpenapi, anyone, async () =>
  ok({ body: document, headers: { "Cache-Control": "public, max-age=300" } }),
);
