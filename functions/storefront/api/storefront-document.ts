import { describeApi } from "../../runtime/openapi.ts";
import { storefront } from "../operations.ts";

/** Makes the OpenAPI document of the storefront API. */
export const storefrontDocument = () =>
  describeApi({
    title: "Vouchsafe",
    description:
      "For storefronts: see what may be sold, sell it, and fetch what the buyer gets. States, errors and repeats are explained in the README.",
    domains: storefront,
    server: "..",
    security: {
      name: "apiKey",
      scheme: { type: "http", scheme: "bearer" },
      guards: ({ scope }) => scope !== undefined,
    },
    refusals: ["unauthorized", "signature_required", "signature_invalid", "forbidden", "too_many_requests"],
  });
