import * as z from "zod";
import { NewSupplier } from "../../../shared/suppliers/settings.ts";
import { listOf, Page } from "../../fields.ts";
import type { Operations } from "../../runtime/operation.ts";
import { Id } from "../fields.ts";
import { NewlyMade, Supplier, Sync, SyncAsked } from "./shown.ts";

const operatorSuppliers = {
  createSupplier: {
    method: "POST",
    path: "/admin/v1/suppliers",
    summary: "Name a supplier and hand over its credentials",
    idempotent: "by_itself",
    body: NewSupplier,
    command: {
      is: "suppliers create",
      options: {
        name: { about: "what we call it" },
        baseUrl: { as: "url", about: "base URL of its API" },
        credentials: { about: "a JSON file: the protocol's secrets, as apiKey and webhookSecret" },
        callbackUrl: { about: "for protocols that name it with each order" },
        timeoutMs: { about: "milliseconds, for one call" },
        answerWithinSeconds: { about: "until a missing answer is reviewed" },
        unknownSeconds: { as: "unknown-for", about: "how long an unknown outcome may last until it is reviewed" },
        inFlightSeconds: {
          as: "in-flight-for",
          about: "how long an order that the supplier does not know may still arrive there",
        },
      },
    },
    answer: {
      status: 201,
      description: "The supplier, without its credentials",
      schema: NewlyMade,
      location: "/admin/v1/suppliers/{id}",
    },
    needs: {
      suppliers: ["PutItem"],
      secrets: ["PutParameter"],
      recognitionKey: ["GenerateMac"],
    },
    audit: { action: "supplier_created", subject: "{id}" },
  },
  getSupplier: {
    method: "GET",
    path: "/admin/v1/suppliers/{supplierId}",
    summary: "One supplier, without its credentials",
    params: z.strictObject({ supplierId: Id }),
    command: { is: "suppliers show", argument: "supplierId" },
    answer: { status: 200, description: "The supplier", schema: Supplier },
    refusals: ["not_found"],
    needs: { suppliers: ["GetItem"] },
  },
  listSuppliers: {
    method: "GET",
    path: "/admin/v1/suppliers",
    pages: /^sup_[0-9a-z]{20,26}$/,
    summary: "All suppliers, by id",
    query: Page,
    command: { is: "suppliers list", columns: ["id", "name", "protocol", "baseUrl"] },
    answer: { status: 200, description: "A page of suppliers", schema: listOf(Supplier) },
    needs: { suppliers: ["BatchGetItem"], listedIndex: ["Query"] },
  },
  requestSync: {
    method: "POST",
    path: "/admin/v1/suppliers/{supplierId}/syncs",
    summary: "Have a supplier's catalogue read now",
    params: z.strictObject({ supplierId: Id }),
    command: { is: "suppliers sync", argument: "supplierId" },
    answer: { status: 202, description: "It will be read", schema: SyncAsked },
    refusals: ["not_found"],
    needs: { suppliers: ["GetItem"], syncQueue: ["SendMessage"] },
    audit: { action: "sync_requested", subject: "{supplierId}" },
  },
  showSync: {
    method: "GET",
    path: "/admin/v1/suppliers/{supplierId}/syncs",
    pages: /^\d{4}-[\dT:.-]+Z#.{1,100}$/,
    summary: "When a supplier's catalogue was read last, and what changed, newest first",
    params: z.strictObject({ supplierId: Id }),
    query: Page,
    command: {
      is: "suppliers changes",
      argument: "supplierId",
      columns: ["at", "supplierProductId", "before.cost", "after.cost", "after.stock", "after.onSale"],
    },
    answer: { status: 200, description: "A page of changes", schema: Sync },
    refusals: ["not_found"],
    needs: { suppliers: ["GetItem"], offers: ["Query"] },
  },
} as const satisfies Operations;

/** What operators call about suppliers and their catalogues, by the functions that answer. */
export const functions = { operatorSuppliers } as const;
