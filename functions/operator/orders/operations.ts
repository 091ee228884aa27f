import * as z from "zod";
import { placeAcross } from "../../../shared/channels/across.ts";
import { ORDERS_BY_TIME } from "../../../shared/orders/queues.ts";
import { ORDER_STATES } from "../../../shared/orders/states.ts";
import { listOf, Page } from "../../fields.ts";
import { renewLinks } from "../../needs.ts";
import type { Operations } from "../../runtime/operation.ts";
import { Id } from "../fields.ts";
import { AuditRecord } from "../shown.ts";
import { OrderRow, RotatedLink, Timeline } from "./shown.ts";

/** Where a page ends: in one channel's list, or in the lists of several, behind the channel's id. */
const ORDERS_OF_CHANNELS = placeAcross(ORDERS_BY_TIME);

const operatorOrders = {
  inspectOrder: {
    method: "GET",
    path: "/admin/v1/orders/{orderId}",
    summary: "An order's whole life: order, workflow, supplier, money, audit",
    params: z.strictObject({ orderId: Id }),
    command: { is: "orders inspect", argument: "orderId" },
    answer: { status: 200, description: "The timeline", schema: Timeline },
    refusals: ["not_found"],
    needs: {
      ordersTable: ["GetItem"],
      ledgerTable: ["GetItem"],
      auditTable: ["Query"],
      executions: ["DescribeExecution"],
    },
  },
  listOrdersOf: {
    method: "GET",
    path: "/admin/v1/orders",
    pages: ORDERS_OF_CHANNELS,
    summary:
      "A channel's orders, newest first, by state, reference and time; or those of one reference in all channels",
    description:
      "No index knows states or references: they are compared after reading, so a page may be short, even empty, and still have a " +
      "`nextCursor`. `since` says where to stop. Without a channel a `reference` is needed, and `since` is 31 days ago unless it is said.",
    query: Page.extend({
      channel: Id.optional().meta({ description: "The channel's id. Without it: all channels." }),
      state: z.enum(ORDER_STATES).optional().meta({ description: "Only orders in this state." }),
      reference: z.string().min(1).max(100).optional().meta({ description: "The channel's own number, exactly." }),
      since: z.iso.datetime().optional().meta({ description: "Only what was placed at or after this time." }),
    }).refine(({ channel, reference }) => (channel ?? reference) !== undefined, {
      path: ["channel"],
      message: "is needed, or a reference",
    }),
    command: {
      is: "orders list",
      columns: ["id", "channelId", "state", "placedAt", "total", "reference"],
      own: "a search in all channels goes on until they are through",
    },
    answer: { status: 200, description: "A page of orders", schema: listOf(OrderRow) },
    needs: { ordersTable: ["GetItem"], byChannelIndex: ["Query"], identityTable: ["GetItem", "Query"] },
  },
  eraseOrderContact: {
    method: "DELETE",
    path: "/admin/v1/orders/{orderId}/contact",
    summary: "Erase how the buyer of an order can be reached, on record",
    params: z.strictObject({ orderId: Id }),
    command: {
      is: "orders erase-contact",
      argument: "orderId",
      effect: "It erases how the buyer of {order} can be reached; nobody can bring it back.",
    },
    answer: { status: 200, description: "The order; erasing again finds nothing to erase", schema: OrderRow },
    refusals: ["not_found", "case_open"],
    needs: { ordersTable: ["GetItem", "UpdateItem"], erasures: ["PutItem"], auditTable: ["PutItem"] },
    audit: { action: "contact_erased", subject: "{orderId}" },
  },
} as const satisfies Operations;

/** Alone, because it may make links, by which codes can be seen. Operators are never told one. */
const rotateLink = {
  rotateLink: {
    method: "POST",
    path: "/admin/v1/orders/{orderId}/delivery-links",
    summary: "End the link to the buyer's page of an order, make another, and write it to the buyer who can be reached",
    idempotent: "by_itself",
    params: z.strictObject({ orderId: Id }),
    command: {
      is: "orders rotate-link",
      argument: "orderId",
      effect:
        "It ends the link that the buyer of {order} has. Another one is written to the buyer, if there is a contact.",
    },
    answer: { status: 201, description: "Which link is good now, and until when; never the link", schema: RotatedLink },
    refusals: ["not_found", "limit_reached"],
    needs: { ...renewLinks, messageQueue: ["SendMessage"], auditTable: ["PutItem"] },
    audit: { action: "link_rotated", subject: "{orderId}" },
  },
} as const satisfies Operations;

/** The trail is read by the function that reads it for orders, too. */
const aboutTheTrail = {
  listRecords: {
    method: "GET",
    path: "/admin/v1/audit",
    tag: "audit",
    pages: /^\d{4}-[\dT:.-]+Z#[\x20-\x7e]{1,300}$/,
    summary: "What was done to one thing, newest first",
    query: Page.extend({
      subject: z.string().min(1).max(200).meta({
        description: "The id of an order, a product, a channel, a supplier …; or `settings`, `rates`, `tables`.",
      }),
    }),
    command: {
      is: "audit list",
      argument: "subject",
      columns: ["at", "action", "by", "refused", "unfinished", "note"],
    },
    answer: { status: 200, description: "A page of records", schema: listOf(AuditRecord) },
    needs: { auditTable: ["Query"] },
  },
} as const satisfies Operations;

/** Answered by this function because it has nothing to do with any one domain, and needs no right. */
const aboutTheApi = {
  getOperatorOpenapi: {
    method: "GET",
    path: "/admin/v1/openapi.json",
    tag: "api",
    summary: "This document",
    command: { none: "it is for programs" },
    answer: { status: 200, description: "OpenAPI 3.1", schema: z.looseObject({}) },
    needs: {},
  },
} as const satisfies Operations;

/** What operators call about orders and this API itself, by the functions that answer. */
export const functions = {
  operatorOrders: { ...operatorOrders, ...aboutTheTrail, ...aboutTheApi },
  rotateLink,
} as const;
