import * as z from "zod";
import { ERASED_PLACE } from "../../../shared/buyers/table.ts";
import { ADDRESSES } from "../../../shared/orders/contact.ts";
import { Time } from "../../fields.ts";
import type { Operations } from "../../runtime/operation.ts";
import { KnownOfBuyer } from "./shown.ts";

/** Who is meant, by one address. It stands in a body, so that no log and no history of a shell's address has it. */
const Person = z
  .strictObject({
    email: ADDRESSES.email.optional().meta({ description: "Their mail address." }),
    phone: ADDRESSES.phone.optional().meta({ description: "Or their number, as +8613800138000." }),
  })
  .refine((said) => (said.email === undefined) !== (said.phone === undefined), "takes one address: email or phone");

const options = {
  email: { about: "their mail address" },
  phone: { about: "or their number, as +8613800138000" },
} as const;

const exportBuyers = {
  exportBuyer: {
    method: "POST",
    path: "/admin/v1/buyers/exports",
    summary: "All that we know of somebody by an address of theirs, on record",
    description:
      "Orders that were placed with that address, what was bought, how they can be reached, and what they were told. Never a code.",
    body: Person,
    command: { is: "buyers export", options },
    answer: { status: 200, description: "What we know", schema: z.object({ data: z.array(KnownOfBuyer) }) },
    needs: {
      ordersTable: ["GetItem", "Query"],
      messages: ["Query"],
      recognitionKey: ["GenerateMac"],
      // Who asks what we know of them gets it in the clear.
      personalKey: ["Decrypt"],
    },
    audit: { action: "buyer_exported", subject: "{person}" },
  },
} as const satisfies Operations;

const operatorBuyers = {
  eraseBuyer: {
    method: "POST",
    path: "/admin/v1/buyers/erasures",
    summary: "Erase how somebody can be reached, and their accounts, in all their orders, on record",
    description:
      "The trade stays, without them. Orders with an open case keep it until that has ended: they are named, and the call may be repeated.",
    body: Person,
    command: {
      is: "buyers erase",
      options,
      effect: "It erases how this person can be reached in all their orders; nobody can bring it back.",
    },
    answer: {
      status: 200,
      description: "The orders that hold nothing of them any more, and those that still do",
      schema: z.object({ erased: z.array(z.string()), kept: z.array(z.string()) }),
    },
    needs: {
      ordersTable: ["GetItem", "Query", "UpdateItem", "DeleteItem"],
      erasures: ["PutItem"],
      recognitionKey: ["GenerateMac"],
    },
    audit: { action: "buyer_erased", subject: "{person}" },
  },
  replayErasures: {
    method: "POST",
    path: "/admin/v1/buyers/erasure-replays",
    pages: ERASED_PLACE,
    summary: "After a restore of the orders: erase again what was erased since, a step at a time",
    query: z.strictObject({ cursor: z.string().max(200).optional() }),
    body: z.strictObject({ since: Time.meta({ description: "The moment that the table was restored to." }) }),
    command: {
      is: "buyers replay-erasures",
      summary: "After a restore of the orders: erase again what was erased since",
      own: "it erases step after step",
    },
    answer: {
      status: 200,
      description:
        "How many orders this step has looked at, and how many held something again; `nextCursor` is null after the last",
      schema: z.object({ looked: z.int(), erased: z.int(), nextCursor: z.string().nullable() }),
    },
    refusals: ["invalid_request"],
    needs: { ordersTable: ["GetItem", "UpdateItem"], erasures: ["Query"] },
    audit: { action: "erasures_replayed", subject: "erasures" },
  },
} as const satisfies Operations;

/** What operators call about people, by the functions that answer. The one that opens contacts has a function of its own. */
export const functions = { exportBuyers, operatorBuyers } as const;
