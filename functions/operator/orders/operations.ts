import * as z from "zod";
import { ORDERS_BY_TIME } from "../../../shared/orders/queues.ts";
import { ORDER_STATES } from "../../../shared/orders/states.ts";
import { listOf, Page } from "../../fields.ts";
import type { Operations } from "../../runtime/operation.ts";
import { Id } from "../fields.ts";
import { AuditRecord } from "../shown.ts";
import { OrderRow, Timeline } from "./shown.ts";

const operatorOrders = {
  inspectOrder: {
    method: "GET",
    path: "/admin/v1/orders/{orderId}",
    summary: "An order's whole life: order, workflow, supplier, money, audit",
    params: z.strictObject({ orderId: Id }),
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
    pages: ORDERS_BY_TIME,
    summary: "A channel's orders, newest first, by state, reference and time",
    description:
      "No index knows states or references: they are compared after reading, so a page may be short, even empty, and still have a " +
      "`nextCursor`. `since` says where to stop.",
    query: Page.extend({
      channel: Id,
      state: z.enum(ORDER_STATES).optional(),
      reference: z.string().min(1).max(100).optional().meta({ description: "The channel's own number, exactly." }),
      since: z.iso.datetime().optional(),
    }),
    answer: { status: 200, description: "A page of orders", schema: listOf(OrderRow) },
    needs: { ordersTable: ["GetItem"], byChannelIndex: ["Query"], identityTable: ["GetItem"] },
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
    answer: { status: 200, description: "OpenAPI 3.1", schema: z.looseObject({}) },
    needs: {},
  },
} as const satisfies Operations;

/** What operators call about orders and this API itself, by the functions that answer. */
export const functions = { operatorOrders: { ...operatorOrders, ...aboutTheTrail, ...aboutTheApi } } as const;
