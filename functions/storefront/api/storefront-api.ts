import { ok } from "../../../shared/kernel/problem.ts";
import { operations as buyer } from "../../buyer/operations.ts";
import { operations as developer } from "../../developer/operations.ts";
import { operations as payment } from "../../payment/operations.ts";
import { anyone } from "../../runtime/callers.ts";
import { httpFunction } from "../../runtime/http.ts";
import { operations as supplier } from "../../supplier/operations.ts";
import { operations as storefront } from "../operations.ts";
import { functions } from "./operations.ts";
import { storefrontDocument } from "./storefront-document.ts";

const document = storefrontDocument();

/** Routes that are nobody's lead here too, and are answered `not_found`: an HTTP API has no answers of its own to shape. */
export const handler = httpFunction(
  "storefront-api",
  functions.storefrontApi,
  { authenticate: anyone, known: { ...storefront, ...buyer, ...developer, ...supplier, ...payment } },
  {
    getOpenapi: async () => ok({ body: document, headers: { "Cache-Control": "public, max-age=300" } }),
  },
);
