import * as z from "zod";

/** A call as a function gets it from the gateway. */
export const anyEvent = {
  routeKey: "GET /",
  requestContext: { requestId: "r", http: { sourceIp: "192.0.2.1" } },
  headers: {},
  rawPath: "/",
};
/** What such a call is described as. */
export const anyOperation = {
  method: "GET",
  path: "/",
  summary: "",
  answer: { status: 200, description: "", schema: z.object() },
  needs: {},
} as const;
