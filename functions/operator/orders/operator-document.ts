import { describeApi } from "../../runtime/openapi.ts";
import { operator } from "../operations.ts";

let made: Record<string, unknown> | undefined;

/**
 * Answers with the OpenAPI document of the operator API. It is made for the first request, so that starting the
 * function takes no longer.
 */
export function operatorDocument(): Record<string, unknown> {
  made ??= describeApi({
    title: "Vouchsafe for operators",
    description:
      "For the people who run the shop: products, stock, suppliers, channels, money, reviews. Every change goes on the audit trail.",
    domains: operator,
    server: "../..",
    security: {
      name: "sigv4",
      scheme: {
        type: "apiKey",
        name: "Authorization",
        in: "header",
        "x-amazon-apigateway-authtype": "awsSigv4",
        description: "AWS Signature Version 4, service execute-api, of a principal that may call the operator API.",
      },
      guards: () => true,
    },
    refusals: ["unauthorized"],
    before: {
      403: {
        description: "API Gateway refuses the signature, or the principal may not call this.",
        content: { "application/json": { schema: { type: "object", properties: { message: { type: "string" } } } } },
      },
    },
  });
  return made;
}
