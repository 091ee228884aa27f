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
    tags: {
      catalog: "Products, their versions and prices, and what is bought again when stock is low.",
      suppliers: "Those who sell to us, what they offer and what they take for it.",
      channels: "Those who sell for us: their keys, prices, limits and money.",
      stock: "Codes: how many there are, where they lie, and single ones of them.",
      imports: "How codes come into stock.",
      ledger: "The books: entries, closed days, months.",
      orders: "Orders of all channels, and what becomes of them.",
      audit: "Who did what.",
      api: "This API itself.",
      payments: "Payment providers, payments, refunds and deposits.",
      disputes: "Payments that are disputed at their provider, and complaints about them.",
      cases: "What buyers ask for after the sale.",
      buyers: "Personal data of buyers: given out and erased.",
      reconciliation: "Statements of payment providers, and where they differ from our books.",
      review: "Orders that wait for a person.",
      "dead-letters": "Messages that could not be handled.",
      events: "What happened, told once more to those who missed it.",
      webhooks: "Where channels hear what happens.",
      messages: "What is written to buyers, and by which senders.",
      tables: "What a release must change in tables.",
    },
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
