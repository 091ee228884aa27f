import * as z from "zod";
import type { Operations } from "../../runtime/operation.ts";

const storefrontApi = {
  getOpenapi: {
    method: "GET",
    path: "/v1/openapi.json",
    summary: "This document",
    answer: { status: 200, description: "OpenAPI 3.1", schema: z.looseObject({}) },
    needs: {},
  },
} as const satisfies Operations;

/** What channels call about this API itself, by the functions that answer. */
export const functions = { storefrontApi } as const;
