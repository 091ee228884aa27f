import * as z from "zod";
import { NewSupplier } from "../../../shared/suppliers/settings.ts";
import { listOf, Page } from "../../fields.ts";
import type { Operations } from "../../runtime/operation.ts";
import { Id } from "../fields.ts";
import { NewlyMade, Supplier, Sync } from "./shown.ts";

const operatorSuppliers = {
  createSupplier: {
    method: "POST",
    path: "/admin/v1/suppliers",
    summary: "Name a supplier and hand over its credentials",
    idempotent: "by_itself",
    body: NewSupplier,
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
    answer: { status: 200, description: "A page of suppliers", schema: listOf(Supplier) },
    needs: { suppliers: ["BatchGetItem"], listedIndex: ["Query"] },
  },
  requestSync: {
    method: "POST",
    path: "/admin/v1/suppliers/{supplierId}/syncs",
    summary: "Have a supplier's catalogue read now",
    params: z.strictObject({ supplierId: Id }),
    answer: { status: 202, description: "It will be read", schema: z.object({}) },
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
    answer: { status: 200, description: "A page of changes", schema: Sync },
    refusals: ["not_found"],
    needs: { suppliers: ["GetItem"], offers: ["Query"] },
  },
} as const satisfies Operations;

/** What operators call about suppliers and their catalogues, by the functions that answer. */
export const functions = { operatorSuppliers } as const;
