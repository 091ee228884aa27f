import { describe, expect, test } from "vitest";
import { type Part, parts } from "../../../functions/runtime/needs.ts";
import { functionSpecs, whoMay } from "../../../infra/functions.ts";
import { patterns } from "../../support/infra/operations-keys.ts";
import { permissionsOf, synthesize } from "../../support/infra/templates.ts";

/** Copies every item of the old table to where it lives now. It overwrites none. */
const MIGRATION = "migrateTables";

describe("of the operations table, whose items are of different worth", () => {
  const permissions = permissionsOf(synthesize({ env: "prod" }).service);

  test("what a function may do with the operations table it may do with items of the parts that it is granted", () => {
    const itself = permissions.filter(({ resource }) => /OperationsTable/.test(resource));
    // The index of lists has nothing but keys, and belongs to those that list, and to those that send what is due.
    const onIndex = itself.filter(({ resource }) => resource.includes("/index/"));
    expect(onIndex.map(({ role, action }) => `${role} ${action}`).toSorted()).toEqual([
      "vouchsafe-prod-cases-schedule-eu-central-1 dynamodb:Query",
      "vouchsafe-prod-disputes-schedule-eu-central-1 dynamodb:Query",
      "vouchsafe-prod-hear-webhooks-eu-central-1 dynamodb:Query",
      "vouchsafe-prod-messages-schedule-eu-central-1 dynamodb:Query",
      "vouchsafe-prod-operator-cases-eu-central-1 dynamodb:Query",
      "vouchsafe-prod-operator-disputes-eu-central-1 dynamodb:Query",
      "vouchsafe-prod-operator-imports-eu-central-1 dynamodb:Query",
      "vouchsafe-prod-operator-messages-eu-central-1 dynamodb:Query",
      "vouchsafe-prod-operator-payments-eu-central-1 dynamodb:Query",
      "vouchsafe-prod-operator-reconciliation-eu-central-1 dynamodb:Query",
      "vouchsafe-prod-operator-suppliers-eu-central-1 dynamodb:Query",
      "vouchsafe-prod-operator-webhooks-eu-central-1 dynamodb:Query",
      "vouchsafe-prod-reconciliation-schedule-eu-central-1 dynamodb:Query",
      "vouchsafe-prod-send-webhooks-eu-central-1 dynamodb:Query",
      "vouchsafe-prod-storefront-webhooks-eu-central-1 dynamodb:Query",
      "vouchsafe-prod-webhooks-schedule-eu-central-1 dynamodb:Query",
    ]);
    const onTable = itself.filter((permission) => !onIndex.includes(permission));
    const found = functionSpecs.flatMap(({ name, kebabName }) =>
      onTable
        .filter(({ role }) => role === `vouchsafe-prod-${kebabName}-eu-central-1`)
        .map(({ action, keys }) => `${name} ${action} ${keys.join(" ")}`),
    );
    expect(found).toHaveLength(onTable.length);
    const granted = functionSpecs.flatMap(({ name, needs }) => {
      const actions = new Set(parts.flatMap((part): readonly string[] => needs[part] ?? []));
      return [...actions].map((action) => {
        const of = Object.keys(needs).filter((part): part is Part => parts.includes(part as never));
        const keys = of.filter((part) => needs[part]?.includes(action as never));
        return `${name} dynamodb:${action} ${keys.flatMap((part) => patterns[part]).join(" ")}`;
      });
    });
    expect(found.toSorted()).toEqual(granted.toSorted());
  });

  test.each([
    ["suppliers", ["operatorSuppliers", "placeLine", "syncSupplier"]],
    ["settings", ["operatorReview", "operatorCases"]],
    ["rates", ["operatorCatalog"]],
    ["restocks", ["processCallback", "operatorCatalog", "suppliersSchedule"]],
    ["callbacks", ["receiveCallback", "processCallback"]],
  ] as const)("only these write what the operations table holds of %s", (part, writers) => {
    const found = [...whoMay(part, "PutItem"), ...whoMay(part, "UpdateItem")];
    expect(new Set(found)).toEqual(new Set([...writers, MIGRATION]));
  });

  test.each([
    ["providers", ["operatorPayments"]],
    ["notifications", ["receiveNotification", "followPayment"]],
    ["disputes", ["operatorDisputes", "followPayment"]],
    ["reconciliations", ["operatorReconciliation", "reconcileDay"]],
    ["onceLinks", ["findOrders", "findDelivery", "findOrders"]],
  ] as const)("only these write what no earlier version kept of %s", (part, writers) => {
    expect([...whoMay(part, "PutItem"), ...whoMay(part, "UpdateItem")]).toEqual(writers);
  });
});
