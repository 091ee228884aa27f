import * as z from "zod";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { handOver, openCases, read } from "../../needs.ts";
import type { Operations } from "../../runtime/operation.ts";

/** Whatever it is: what is no link is answered like one that has ended. */
const Token = z.object({ token: z.string() });
/** People's mail programs and chats add words of their own to a link. They are not looked at. */
const Language = z.object({ lang: z.string().optional() });

const Page = z.string().meta({ description: "A page in HTML." });

/** What every page is made of: the order of the link, what was bought, and who has sold it. */
const findOrder = {
  ordersTable: ["GetItem"],
  linkUse: ["UpdateItem"],
  catalogTable: read,
  identityTable: ["GetItem"],
} as const;

const showDelivery = {
  showDelivery: {
    method: "GET",
    path: "/d/{token}",
    summary: "The buyer's page of an order, without its codes",
    params: Token,
    query: Language,
    answer: { status: 200, description: "The page", schema: Page },
    refusals: ["not_found", "too_many_links"],
    needs: findOrder,
  },
  showAgain: {
    method: "GET",
    path: "/d/{token}/reveal",
    summary: "The same page, where a browser asks again for the address that it has shown the codes at",
    params: Token,
    query: Language,
    answer: { status: 200, description: "The page, without the codes", schema: Page },
    refusals: ["not_found", "too_many_links"],
    needs: findOrder,
  },
  getDeliveryState: {
    method: "GET",
    path: "/d/{token}/state",
    summary: "Whether the page would show something new",
    params: Token,
    answer: {
      status: 200,
      description: "A text that is another one when the page is",
      schema: z.object({ stamp: z.string() }),
    },
    refusals: ["not_found", "too_many_links"],
    needs: findOrder,
  },
} as const satisfies Operations;

const start = z.coerce.number().int().min(0).max(LIMITS.codesPerLargeOrder).catch(0);

/** Showing goods, after a one-time code where a channel's settings say so. */
const reveal = {
  ...findOrder,
  ...handOver,
  senders: ["GetItem"],
  oneTimeCodes: ["GetItem", "PutItem", "UpdateItem"],
  recognitionKey: ["GenerateMac"],
  messageQueue: ["SendMessage"],
} as const;

/** What the forms say about a one-time code. */
const confirmed = {
  // Somebody pastes a whole message: its digits are the code. What is longer still is a wrong code, and no wrong link.
  code: z.string().max(300).optional().catch("").meta({ description: "The one-time code, as it was typed." }),
  proof: z.string().max(100).optional().catch("").meta({ description: "That a right code was typed before." }),
};

const revealDelivery = {
  revealDelivery: {
    method: "POST",
    path: "/d/{token}/reveal",
    summary: "The codes of an order; every look is recorded",
    params: Token,
    query: Language,
    form: z.object({
      from: start.meta({ description: "Where this page of codes begins." }),
      ...confirmed,
      again: z.string().max(1).optional().meta({ description: "Another one-time code is wanted." }),
      qr: z.string().max(40).optional().meta({ description: "The code that is shown as a QR code." }),
    }),
    answer: { status: 200, description: "The page with the codes", schema: Page },
    refusals: ["not_found", "too_many_links", "payment_disputed", "limit_reached"],
    needs: reveal,
  },
  saveDelivery: {
    method: "POST",
    path: "/d/{token}/file",
    summary: "The codes of an order as a text file, a line each, locked if its buyer wants; every look is recorded",
    params: Token,
    query: Language,
    form: z.object({
      from: start.meta({ description: "Where this file begins." }),
      ...confirmed,
      lock: z
        .string()
        .max(3_000)
        .optional()
        .meta({ description: "A public key of age, or a passphrase: then the file opens by that alone." }),
    }),
    answer: { status: 200, description: "The file", schema: z.string() },
    refusals: ["not_found", "too_many_links", "payment_disputed", "limit_reached"],
    needs: reveal,
  },
} as const satisfies Operations;

/** What a buyer may ask for by the page's form. */
const ask = z.object({
  kind: z.enum(["void_and_reissue", "refund"]),
  line: z.string().min(1).max(10),
  piece: z.coerce.number().int().min(1),
  turn: z.coerce.number().int().min(0),
});

const helpDelivery = {
  askForHelp: {
    method: "POST",
    path: "/d/{token}/cases",
    summary: "Ask for help with an order; the answer is on its page",
    params: Token,
    query: Language,
    form: ask,
    answer: { status: 303, description: "Back to the page", schema: Page },
    refusals: ["not_found", "too_many_links"],
    needs: { ...openCases, ...findOrder, ordersTable: openCases.ordersTable },
  },
} as const satisfies Operations;

/** What buyers open in their browsers, by the functions that answer. */
export const functions = { showDelivery, revealDelivery, helpDelivery } as const;
