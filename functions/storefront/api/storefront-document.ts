import { describeApi } from "../../runtime/openapi.ts";
import { storefront } from "../operations.ts";

/** Makes the OpenAPI document of the storefront API. */
export const storefrontDocument = () =>
  describeApi({
    title: "Vouchsafe",
    description:
      "For storefronts: see what may be sold, sell it, and fetch what the buyer gets. States, errors and repeats are explained in the README.",
    domains: storefront,
    tags: {
      catalog: "What this channel may sell, at its price.",
      orders: "Quotes and orders: place them, have them paid, fetch what the buyer gets.",
      cases: "What a buyer asks for after the sale, and how it ended.",
      account: "The channel's balance, and its statements by day and month.",
      deposits: "Money that the channel pays in by a payment provider.",
      webhooks: "Where the channel hears what happens, and what was sent there.",
      api: "The API itself.",
    },
    server: "..",
    security: {
      name: "apiKey",
      scheme: { type: "http", scheme: "bearer" },
      guards: ({ scope }) => scope !== undefined,
    },
    refusals: ["unauthorized", "signature_required", "signature_invalid", "forbidden", "too_many_requests"],
  });
