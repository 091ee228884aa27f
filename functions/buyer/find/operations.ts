import * as z from "zod";
import type { Operations } from "../../runtime/operation.ts";

/** Whatever it is: what is no link is answered like one that was used. */
const Token = z.object({ token: z.string() });
const Language = z.object({ lang: z.string().optional() });

const Page = z.string().meta({ description: "A page in HTML." });

/** Longer than any number of an order or address: what is longer is not looked at. */
const said = z.string().max(300).catch("");

const findDelivery = {
  showSearch: {
    method: "GET",
    path: "/find",
    summary: "The page where a buyer finds an order again",
    query: Language,
    answer: { status: 200, description: "The page", schema: Page },
    needs: {},
  },
  searchOrder: {
    method: "POST",
    path: "/find",
    summary: "Have the link of an order sent to its buyer; the answer is the same whether there is one or not",
    query: Language,
    form: z.object({
      reference: said.default("").meta({ description: "The order's number." }),
      contact: said.default("").meta({ description: "The mail address or number that was given with the order." }),
    }),
    answer: {
      status: 200,
      description: "What happens next, if there is such an order",
      schema: Page,
      or: { status: 400, description: "The page, with what is missing in the form" },
    },
    refusals: ["too_many_searches"],
    needs: { linkUse: ["UpdateItem"], recognitionKey: ["GenerateMac"], searchQueue: ["SendMessage"] },
  },
  showOnce: {
    method: "GET",
    path: "/find/{token}",
    summary: "The page of a one-time link; it changes nothing",
    params: Token,
    query: Language,
    answer: { status: 200, description: "The page, the same for every link", schema: Page },
    needs: {},
  },
  openOnce: {
    method: "POST",
    path: "/find/{token}",
    summary: "Use a one-time link",
    params: Token,
    query: Language,
    form: z.object({}),
    answer: { status: 303, description: "On to the order's page", schema: Page },
    refusals: ["not_found", "too_many_links"],
    needs: { linkUse: ["UpdateItem"], onceLinks: ["UpdateItem"] },
  },
} as const satisfies Operations;

/** How buyers find an order again. This opens no order: it has no right to. */
export const functions = { findDelivery } as const;
